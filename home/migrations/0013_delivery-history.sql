ALTER TABLE "delivery_places" ADD COLUMN "error" text;--> statement-breakpoint
CREATE INDEX "deliveries_failed" ON "deliveries" USING btree ("id") WHERE state = 'failed';