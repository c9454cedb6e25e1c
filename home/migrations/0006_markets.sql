CREATE TABLE "calendar_overrides" (
	"venue" text NOT NULL,
	"date" date NOT NULL,
	"sessions" json,
	"note" text NOT NULL,
	"changed_by" uuid,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "calendar_overrides_venue_date_pk" PRIMARY KEY("venue","date")
);
--> statement-breakpoint
CREATE TABLE "corporate_actions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticker_id" varchar(40) NOT NULL,
	"kind" text NOT NULL,
	"ex_date" date NOT NULL,
	"ratio_from" numeric(20, 8),
	"ratio_to" numeric(20, 8),
	"amount" numeric(20, 8),
	"source" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"applied_at" timestamp (3) with time zone,
	CONSTRAINT "corporate_actions_terms" CHECK (("corporate_actions"."kind" = 'SPLIT' AND "corporate_actions"."ratio_from" > 0 AND "corporate_actions"."ratio_to" > 0)
        OR ("corporate_actions"."kind" = 'CASH_DIVIDEND' AND "corporate_actions"."amount" > 0))
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"ticker_id" varchar(40) PRIMARY KEY NOT NULL,
	"venue" text NOT NULL,
	"kind" text NOT NULL,
	"board" text,
	"name_ko" text NOT NULL,
	"name_en" text NOT NULL,
	"sector" text,
	"currency" varchar(10) NOT NULL,
	"reference_price" numeric(20, 8) NOT NULL,
	"status" text NOT NULL,
	"source" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "instruments_venue" CHECK ("instruments"."venue" IN ('KRX', 'US', 'CRYPTO')),
	CONSTRAINT "instruments_kind" CHECK ("instruments"."kind" IN ('STOCK', 'ETF', 'COIN')),
	CONSTRAINT "instruments_status" CHECK ("instruments"."status" IN ('LISTED', 'HALTED', 'DELISTED')),
	CONSTRAINT "instruments_price" CHECK ("instruments"."reference_price" > 0)
);
--> statement-breakpoint
CREATE TABLE "kis_tokens" (
	"app_key_hash" text PRIMARY KEY NOT NULL,
	"sealed_token" text,
	"expires_at" timestamp (3) with time zone,
	"asked_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "fills" ADD COLUMN "evidence" json;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "stop_price" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "trail_amount" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "trail_percent" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "requested_notional" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "post_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "reduce_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "sessions" varchar(60);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "leg" varchar(20);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "replaces" uuid;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "replaced_by" uuid;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "triggered_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "mark_price" numeric(20, 8);--> statement-breakpoint
CREATE INDEX "corporate_actions_due" ON "corporate_actions" USING btree ("ex_date","ticker_id");