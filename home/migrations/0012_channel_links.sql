CREATE TABLE "channel_links" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"service" text NOT NULL,
	"external_id" text NOT NULL,
	"display_name" text NOT NULL,
	"may_trade" boolean NOT NULL,
	"linked_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_reason" text,
	CONSTRAINT "channel_links_service" CHECK ("channel_links"."service" IN ('discord', 'telegram')),
	CONSTRAINT "channel_links_reason" CHECK (("channel_links"."ended_at" IS NULL) = ("channel_links"."ended_reason" IS NULL))
);
--> statement-breakpoint
ALTER TABLE "channel_links" ADD CONSTRAINT "channel_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_links_person" ON "channel_links" USING btree ("service","external_id") WHERE ended_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_links_user" ON "channel_links" USING btree ("user_id","service") WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX "channel_links_ended" ON "channel_links" USING btree ("ended_at") WHERE ended_at IS NOT NULL;