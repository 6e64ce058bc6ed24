ALTER TABLE "connector_host"."operation_members" ADD COLUMN "outcome" text;--> statement-breakpoint
ALTER TABLE "connector_host"."operation_members" ADD COLUMN "fault" jsonb;