-- Room on each page for the next version of a row: an update then touches no index.
ALTER TABLE "wallets" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "portfolios" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "orders" SET (fillfactor = 70);
