CREATE TABLE "notification_choices" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	"chosen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "notification_choices_partition_user_id_kind_channel_pk" PRIMARY KEY("partition","user_id","kind","channel"),
	CONSTRAINT "notification_choices_kind" CHECK ("notification_choices"."kind" IN ('order_filled', 'order_failed', 'price_alert')),
	CONSTRAINT "notification_choices_channel" CHECK ("notification_choices"."channel" IN ('push', 'telegram', 'discord'))
);
--> statement-breakpoint
CREATE TABLE "push_subscriptions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"endpoint" text NOT NULL,
	"p256dh" text NOT NULL,
	"auth" text NOT NULL,
	"user_agent" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "push_subscriptions_endpoint_length" CHECK (char_length("push_subscriptions"."endpoint") <= 1000)
);
--> statement-breakpoint
ALTER TABLE "price_alerts" ADD COLUMN "announced_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "notification_settings" ADD COLUMN "quiet_from" text;--> statement-breakpoint
ALTER TABLE "notification_settings" ADD COLUMN "quiet_until" text;--> statement-breakpoint
ALTER TABLE "notification_settings" ADD COLUMN "time_zone" varchar(64) DEFAULT 'Asia/Seoul' NOT NULL;--> statement-breakpoint
ALTER TABLE "notification_choices" ADD CONSTRAINT "notification_choices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notification_choices_by_user" ON "notification_choices" USING btree ("user_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "push_subscriptions_endpoint" ON "push_subscriptions" USING btree ("endpoint");--> statement-breakpoint
CREATE INDEX "push_subscriptions_by_user" ON "push_subscriptions" USING btree ("partition","user_id");--> statement-breakpoint
CREATE INDEX "price_alerts_unannounced" ON "price_alerts" USING btree ("told_at") WHERE "price_alerts"."told_at" IS NOT NULL AND "price_alerts"."announced_at" IS NULL;--> statement-breakpoint
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_quiet" CHECK (("notification_settings"."quiet_from" IS NULL) = ("notification_settings"."quiet_until" IS NULL) AND "notification_settings"."quiet_from" <> "notification_settings"."quiet_until");