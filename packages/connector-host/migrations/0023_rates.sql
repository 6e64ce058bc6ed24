ALTER TABLE "connector_host"."paces" ADD COLUMN "left_over" double precision;--> statement-breakpoint
ALTER TABLE "connector_host"."paces" ADD COLUMN "resets_at" double precision;