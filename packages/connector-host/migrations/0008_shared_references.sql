DROP INDEX "connector_host"."operations_reference";--> statement-breakpoint
ALTER TABLE "connector_host"."operations" ADD COLUMN "shared_reference" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_reference" ON "connector_host"."operations" USING btree ("connection","reference") WHERE not shared_reference;