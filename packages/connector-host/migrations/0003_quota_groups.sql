ALTER TABLE "connector_host"."operations" ADD COLUMN "quota_group" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."quota_counts" ADD COLUMN "quota_group" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."quota_counts" DROP CONSTRAINT "quota_counts_connection_month_pk";--> statement-breakpoint
ALTER TABLE "connector_host"."quota_counts" ADD CONSTRAINT "quota_counts_connection_month_quota_group_pk" PRIMARY KEY("connection","month","quota_group");
