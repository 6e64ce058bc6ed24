ALTER TABLE "connector_host"."paces" ADD COLUMN "remaining" double precision;--> statement-breakpoint
ALTER TABLE "connector_host"."paces" ADD COLUMN "resets_at" double precision;