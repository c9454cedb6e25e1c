CREATE TABLE "preferences" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"theme" text NOT NULL,
	"colours" text NOT NULL,
	"confirm_orders" boolean NOT NULL,
	"fill_toasts" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "preferences_partition_user_id_pk" PRIMARY KEY("partition","user_id"),
	CONSTRAINT "preferences_locale" CHECK ("preferences"."locale" IN ('ko', 'en')),
	CONSTRAINT "preferences_theme" CHECK ("preferences"."theme" IN ('system', 'light', 'dark')),
	CONSTRAINT "preferences_colours" CHECK ("preferences"."colours" IN ('up_red', 'up_green'))
);
--> statement-breakpoint
CREATE TABLE "price_alerts" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"ticker_id" varchar(40) NOT NULL,
	"condition" text NOT NULL,
	"price" numeric(20, 8) NOT NULL,
	"currency" varchar(10) NOT NULL,
	"note" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"told_at" timestamp (3) with time zone,
	"told_price" numeric(20, 8),
	CONSTRAINT "price_alerts_partition_user_id_id_pk" PRIMARY KEY("partition","user_id","id"),
	CONSTRAINT "price_alerts_condition" CHECK ("price_alerts"."condition" IN ('ABOVE', 'BELOW')),
	CONSTRAINT "price_alerts_currency" CHECK ("price_alerts"."currency" IN ('KRW', 'USD')),
	CONSTRAINT "price_alerts_price" CHECK ("price_alerts"."price" > 0),
	CONSTRAINT "price_alerts_note" CHECK (char_length("price_alerts"."note") <= 100),
	CONSTRAINT "price_alerts_told" CHECK (("price_alerts"."told_at" IS NULL) = ("price_alerts"."told_price" IS NULL) AND "price_alerts"."told_at" >= "price_alerts"."created_at"
        AND CASE "price_alerts"."condition" WHEN 'ABOVE' THEN "price_alerts"."told_price" >= "price_alerts"."price" ELSE "price_alerts"."told_price" <= "price_alerts"."price" END)
);
--> statement-breakpoint
CREATE TABLE "sweeps" (
	"name" text PRIMARY KEY NOT NULL,
	"swept_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watch_lists" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"tickers" varchar(40)[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "watch_lists_partition_user_id_id_pk" PRIMARY KEY("partition","user_id","id"),
	CONSTRAINT "watch_lists_name" CHECK (char_length("watch_lists"."name") BETWEEN 1 AND 30),
	CONSTRAINT "watch_lists_tickers" CHECK (cardinality("watch_lists"."tickers") <= 100)
);
--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "detail" text;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "preferences" ADD CONSTRAINT "preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_alerts" ADD CONSTRAINT "price_alerts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_lists" ADD CONSTRAINT "watch_lists_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "price_alerts_waiting" ON "price_alerts" USING btree ("ticker_id","condition","price") WHERE "price_alerts"."told_at" IS NULL;