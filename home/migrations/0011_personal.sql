CREATE TABLE "notification_settings" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"hidden_from_public" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "notification_settings_partition_user_id_pk" PRIMARY KEY("partition","user_id")
);
--> statement-breakpoint
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notification_settings_hidden" ON "notification_settings" USING btree ("user_id") WHERE hidden_from_public;