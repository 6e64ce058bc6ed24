CREATE TABLE "connector_host"."quota_counts" (
	"connection" text NOT NULL,
	"month" text NOT NULL,
	"used" bigint NOT NULL,
	CONSTRAINT "quota_counts_connection_month_pk" PRIMARY KEY("connection","month")
);
--> statement-breakpoint
ALTER TABLE "connector_host"."connections" ADD COLUMN "settings" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."operations" ADD COLUMN "repeats" smallint DEFAULT 0 NOT NULL;