ALTER TABLE "connector_host"."operations" ADD COLUMN "answered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "corrects" text;--> statement-breakpoint
CREATE INDEX "tasks_error" ON "connector_host"."tasks" USING btree ("connection","request") WHERE state = 'error';