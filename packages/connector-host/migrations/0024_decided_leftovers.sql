DROP INDEX "connector_host"."leftovers_work";--> statement-breakpoint
CREATE INDEX "leftovers_decided" ON "connector_host"."leftovers" USING btree ("connection","system",(ended ->> 'treatment')) WHERE ended ->> 'treatment' is not null;--> statement-breakpoint
CREATE INDEX "tasks_own_open" ON "connector_host"."tasks" USING btree ("connection","id") WHERE own_leftover = 'open';--> statement-breakpoint
CREATE INDEX "work_items_owner_name" ON "connector_host"."work_items" USING btree (lower(owner_name)) WHERE owner_name is not null;--> statement-breakpoint
CREATE INDEX "leftovers_work" ON "connector_host"."leftovers" USING btree ("work","state") WHERE work is not null;