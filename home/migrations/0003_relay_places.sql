-- The relay keeps a place per partition now: each begins where the one place of all of them was.
INSERT INTO "outbox_cursors" ("reader", "xid", "id")
SELECT 'relay:' || partition, "xid", "id" FROM "outbox_cursors", generate_series(0, 7) AS partition
WHERE "reader" = 'relay';--> statement-breakpoint
DELETE FROM "outbox_cursors" WHERE "reader" = 'relay';
