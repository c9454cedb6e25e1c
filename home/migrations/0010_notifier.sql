CREATE TABLE "deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"place" varchar(100) NOT NULL,
	"is_summary" boolean NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"not_before" timestamp (3) with time zone NOT NULL,
	"may_repeat" boolean DEFAULT false NOT NULL,
	"body" text,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_state" CHECK ("deliveries"."state" IN ('queued', 'sending', 'sent', 'failed')),
	CONSTRAINT "deliveries_ended" CHECK (("deliveries"."state" IN ('sent', 'failed')) = ("deliveries"."ended_at" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "delivery_notifications" (
	"delivery_id" bigint NOT NULL,
	"event_id" varchar(200) NOT NULL,
	"place" varchar(100) NOT NULL,
	CONSTRAINT "delivery_notifications_delivery_id_event_id_pk" PRIMARY KEY("delivery_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "delivery_places" (
	"place" varchar(100) PRIMARY KEY NOT NULL,
	"paused_until" timestamp (3) with time zone,
	"switched_off_at" timestamp (3) with time zone,
	"address_hash" text
);
--> statement-breakpoint
CREATE TABLE "message_templates" (
	"key" varchar(40) NOT NULL,
	"version" bigint NOT NULL,
	"content" text,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"changed_by" uuid NOT NULL,
	CONSTRAINT "message_templates_key_version_pk" PRIMARY KEY("key","version"),
	CONSTRAINT "message_templates_content" CHECK (char_length("message_templates"."content") BETWEEN 1 AND 2000)
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"event_id" varchar(200) PRIMARY KEY NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "notifications_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"user_id" uuid,
	"ticker_id" varchar(40),
	"values" json NOT NULL,
	"simulated" boolean NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"routed_at" timestamp (3) with time zone,
	"untold" text
);
--> statement-breakpoint
ALTER TABLE "delivery_notifications" ADD CONSTRAINT "delivery_notifications_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_notifications" ADD CONSTRAINT "delivery_notifications_event_id_notifications_event_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."notifications"("event_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("place","id") WHERE state IN ('queued', 'sending');--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_notifications_once" ON "delivery_notifications" USING btree ("place","event_id");--> statement-breakpoint
CREATE INDEX "notifications_unrouted" ON "notifications" USING btree ("id") WHERE routed_at IS NULL;--> statement-breakpoint
CREATE INDEX "notifications_by_user" ON "notifications" USING btree ("user_id","kind","ticker_id","occurred_at");