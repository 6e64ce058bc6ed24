CREATE TABLE "connector_host"."upkeep" (
	"name" text PRIMARY KEY NOT NULL,
	"after" bigint NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "doubts" jsonb;