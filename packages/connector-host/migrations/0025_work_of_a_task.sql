DROP INDEX "connector_host"."work_items_about";--> statement-breakpoint
CREATE INDEX "work_items_about" ON "connector_host"."work_items" USING btree ("connection","system","about");