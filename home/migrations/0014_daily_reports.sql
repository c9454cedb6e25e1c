CREATE TABLE "daily_reports" (
	"date" date PRIMARY KEY NOT NULL,
	"figures" json NOT NULL,
	"simulated" boolean NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"made_by" text NOT NULL,
	CONSTRAINT "daily_reports_made_by" CHECK ("daily_reports"."made_by" IN ('edge', 'home', 'hand'))
);
