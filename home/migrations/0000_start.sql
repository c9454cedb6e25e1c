CREATE TABLE "auth_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"refresh_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "candles" (
	"ticker_id" varchar(40) NOT NULL,
	"interval" varchar(4) NOT NULL,
	"open_at" timestamp (3) with time zone NOT NULL,
	"open" numeric(20, 8) NOT NULL,
	"high" numeric(20, 8) NOT NULL,
	"low" numeric(20, 8) NOT NULL,
	"close" numeric(20, 8) NOT NULL,
	"volume" numeric(20, 8) NOT NULL,
	"simulated" boolean NOT NULL,
	CONSTRAINT "candles_ticker_id_interval_open_at_pk" PRIMARY KEY("ticker_id","interval","open_at")
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dead_letters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"body_sha256" text NOT NULL,
	"body" text NOT NULL,
	"reason" text NOT NULL,
	"order_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "early_cancels" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "early_cancels_partition_user_id_order_id_pk" PRIMARY KEY("partition","user_id","order_id")
);
--> statement-breakpoint
CREATE TABLE "engines" (
	"id" text PRIMARY KEY NOT NULL,
	"heartbeat_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fills" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"fill_no" smallint NOT NULL,
	"ticker_id" varchar(40) NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric(20, 8) NOT NULL,
	"price" numeric(20, 8) NOT NULL,
	"currency" varchar(10) NOT NULL,
	"applied_exchange_rate" numeric(20, 8) NOT NULL,
	"notional_krw" numeric(20, 8) NOT NULL,
	"fee_krw" numeric(20, 8) NOT NULL,
	"filled_at" timestamp (3) with time zone NOT NULL,
	"event_epoch" text NOT NULL,
	"event_seq" bigint NOT NULL,
	"settled_late" boolean NOT NULL,
	CONSTRAINT "fills_partition_user_id_order_id_fill_no_pk" PRIMARY KEY("partition","user_id","order_id","fill_no"),
	CONSTRAINT "fills_positive" CHECK ("fills"."quantity" > 0 AND "fills"."price" > 0 AND "fills"."fee_krw" >= 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"leg_no" smallint NOT NULL,
	"kind" text NOT NULL,
	"debit_account" text NOT NULL,
	"credit_account" text NOT NULL,
	"unit" varchar(40) NOT NULL,
	"amount" numeric(20, 8) NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_entries_partition_user_id_source_id_leg_no_pk" PRIMARY KEY("partition","user_id","source_id","leg_no"),
	CONSTRAINT "ledger_entries_amount" CHECK ("ledger_entries"."amount" > 0),
	CONSTRAINT "ledger_entries_accounts" CHECK ("ledger_entries"."debit_account" <> "ledger_entries"."credit_account")
);
--> statement-breakpoint
CREATE TABLE "open_orders" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	CONSTRAINT "open_orders_partition_user_id_order_id_pk" PRIMARY KEY("partition","user_id","order_id")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"client_order_id" varchar(64) NOT NULL,
	"ticker_id" varchar(40) NOT NULL,
	"side" text NOT NULL,
	"type" text NOT NULL,
	"time_in_force" text NOT NULL,
	"requested_quantity" numeric(20, 8) NOT NULL,
	"limit_price" numeric(20, 8),
	"status" text NOT NULL,
	"reason" text,
	"waiting_for" text,
	"price" numeric(20, 8),
	"quantity" numeric(20, 8) DEFAULT '0' NOT NULL,
	"applied_exchange_rate" numeric(20, 8),
	"notional_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"fee_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"hold_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"hold_quantity" numeric(20, 8) DEFAULT '0' NOT NULL,
	"fill_count" smallint DEFAULT 0 NOT NULL,
	"settled_late" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL,
	"filled_at" timestamp (3) with time zone,
	"cancel_requested_at" timestamp (3) with time zone,
	"cancel_result" text,
	CONSTRAINT "orders_partition_user_id_id_pk" PRIMARY KEY("partition","user_id","id"),
	CONSTRAINT "orders_side" CHECK ("orders"."side" IN ('BUY', 'SELL')),
	CONSTRAINT "orders_status" CHECK ("orders"."status" IN ('OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'EXPIRED', 'FAILED')),
	CONSTRAINT "orders_quantity" CHECK ("orders"."requested_quantity" > 0 AND "orders"."quantity" >= 0 AND "orders"."quantity" <= "orders"."requested_quantity"),
	CONSTRAINT "orders_filled" CHECK ("orders"."status" <> 'FILLED' OR "orders"."quantity" = "orders"."requested_quantity"),
	CONSTRAINT "orders_failed" CHECK ("orders"."status" <> 'FAILED' OR "orders"."quantity" = 0),
	CONSTRAINT "orders_hold" CHECK ("orders"."hold_krw" >= 0 AND "orders"."hold_quantity" >= 0),
	CONSTRAINT "orders_hold_released" CHECK ("orders"."status" IN ('OPEN', 'PARTIALLY_FILLED') OR ("orders"."hold_krw" = 0 AND "orders"."hold_quantity" = 0))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"epoch" bigint NOT NULL,
	"order_id" uuid NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"waiting_for" text,
	"price" numeric(20, 8),
	"quantity" numeric(20, 8) NOT NULL,
	"applied_exchange_rate" numeric(20, 8),
	"fee_krw" numeric(20, 8) NOT NULL,
	"settled_late" boolean NOT NULL,
	"filled_at" timestamp (3) with time zone,
	"cancel_requested_at" timestamp (3) with time zone,
	"cancel_result" text,
	"fill_count" smallint NOT NULL,
	"new_fills" smallint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "outbox_partition_user_id_seq_pk" PRIMARY KEY("partition","user_id","seq")
);
--> statement-breakpoint
CREATE TABLE "outbox_cursors" (
	"reader" text PRIMARY KEY NOT NULL,
	"xid" "xid8" NOT NULL,
	"id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partitions" (
	"partition" smallint PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"owner_id" text,
	"owner_pid" integer,
	"heartbeat_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "portfolios" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "portfolios_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"ticker_id" varchar(40) NOT NULL,
	"quantity" numeric(20, 8) NOT NULL,
	"held_quantity" numeric(20, 8) DEFAULT '0' NOT NULL,
	"average_price" numeric(20, 8) NOT NULL,
	"cost_native" numeric(20, 8) NOT NULL,
	"cost_krw" numeric(20, 8) NOT NULL,
	"realized_price_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"realized_fx_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"currency" varchar(10) NOT NULL,
	CONSTRAINT "portfolios_partition_user_id_ticker_id_pk" PRIMARY KEY("partition","user_id","ticker_id"),
	CONSTRAINT "portfolios_quantity" CHECK ("portfolios"."quantity" >= 0),
	CONSTRAINT "portfolios_held" CHECK ("portfolios"."held_quantity" >= 0 AND "portfolios"."held_quantity" <= "portfolios"."quantity"),
	CONSTRAINT "portfolios_cost" CHECK ("portfolios"."cost_native" >= 0 AND "portfolios"."cost_krw" >= 0)
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"ticker_id" varchar(40) PRIMARY KEY NOT NULL,
	"event" json NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"username" text NOT NULL,
	"nickname" text NOT NULL,
	"role" text DEFAULT 'USER' NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "users_role" CHECK ("users"."role" IN ('ADMIN', 'USER')),
	CONSTRAINT "users_partition" CHECK ("users"."partition" BETWEEN 0 AND 7)
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"balance_krw" numeric(20, 8) NOT NULL,
	"held_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"realized_pnl_krw" numeric(20, 8) DEFAULT '0' NOT NULL,
	"event_seq" bigint DEFAULT 0 NOT NULL,
	"last_updated" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "wallets_partition_user_id_pk" PRIMARY KEY("partition","user_id"),
	CONSTRAINT "wallets_balance" CHECK ("wallets"."balance_krw" >= 0),
	CONSTRAINT "wallets_held" CHECK ("wallets"."held_krw" >= 0 AND "wallets"."held_krw" <= "wallets"."balance_krw")
);
--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "auth_sessions_refresh_hash" ON "auth_sessions" USING btree ("refresh_hash");--> statement-breakpoint
CREATE INDEX "auth_sessions_user" ON "auth_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letters_body" ON "dead_letters" USING btree ("body_sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_client_order_id" ON "orders" USING btree ("partition","user_id","client_order_id") WHERE reason IS DISTINCT FROM 'duplicate_mismatch';--> statement-breakpoint
CREATE INDEX "orders_by_time" ON "orders" USING btree ("partition","user_id","accepted_at","id");--> statement-breakpoint
CREATE INDEX "outbox_commit_order" ON "outbox" USING btree ("xid","id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_username" ON "users" USING btree (lower("username"));