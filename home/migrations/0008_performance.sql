CREATE TABLE "net_worth_points" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"net_worth_krw" numeric(20, 8) NOT NULL,
	"deposited_krw" numeric(20, 8) NOT NULL,
	"keep" smallint NOT NULL,
	CONSTRAINT "net_worth_points_partition_user_id_at_pk" PRIMARY KEY("partition","user_id","at"),
	CONSTRAINT "net_worth_points_keep" CHECK ("net_worth_points"."keep" BETWEEN 0 AND 2)
);
--> statement-breakpoint
CREATE TABLE "position_changes" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "position_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"action_id" uuid NOT NULL,
	"ticker_id" varchar(40) NOT NULL,
	"after_seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"quantity" numeric(20, 8) NOT NULL,
	"average_price" numeric(20, 8) NOT NULL,
	"cost_native" numeric(20, 8) NOT NULL,
	"cost_krw" numeric(20, 8) NOT NULL,
	"realized_price_krw" numeric(20, 8) NOT NULL,
	"realized_fx_krw" numeric(20, 8) NOT NULL,
	CONSTRAINT "position_changes_partition_user_id_id_pk" PRIMARY KEY("partition","user_id","id")
);
--> statement-breakpoint
CREATE TABLE "statement_heads" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"line_no" bigint NOT NULL,
	"balance_krw" numeric(20, 8) NOT NULL,
	"move_count" integer NOT NULL,
	"change_id" bigint NOT NULL,
	"positions" json NOT NULL,
	CONSTRAINT "statement_heads_partition_user_id_pk" PRIMARY KEY("partition","user_id")
);
--> statement-breakpoint
CREATE TABLE "statement_lines" (
	"partition" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"line_no" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"source_id" uuid NOT NULL,
	"part" smallint NOT NULL,
	"ticker_id" varchar(40),
	"amount_krw" numeric(20, 8) NOT NULL,
	"fee_krw" numeric(20, 8) NOT NULL,
	"tax_krw" numeric(20, 8) NOT NULL,
	"balance_krw" numeric(20, 8) NOT NULL,
	"realized_price_krw" numeric(20, 8) NOT NULL,
	"realized_fx_krw" numeric(20, 8) NOT NULL,
	CONSTRAINT "statement_lines_partition_user_id_line_no_pk" PRIMARY KEY("partition","user_id","line_no"),
	CONSTRAINT "statement_lines_kind" CHECK ("statement_lines"."kind" IN ('deposit', 'buy', 'sell', 'dividend', 'fraction', 'adjustment'))
);
--> statement-breakpoint
CREATE INDEX "net_worth_points_thinning" ON "net_worth_points" USING btree ("keep","at") WHERE keep < 2;--> statement-breakpoint
CREATE UNIQUE INDEX "statement_lines_moves" ON "statement_lines" USING btree ("partition","user_id","source_id") WHERE kind NOT IN ('buy', 'sell');--> statement-breakpoint
CREATE INDEX "statement_lines_realized" ON "statement_lines" USING btree ("partition","user_id","at") WHERE kind IN ('sell', 'fraction');--> statement-breakpoint
CREATE INDEX "ledger_entries_moves" ON "ledger_entries" USING btree ("partition","user_id","created_at") WHERE kind NOT IN ('fill', 'fee', 'tax', 'split');