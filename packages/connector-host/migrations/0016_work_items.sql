CREATE TABLE "connector_host"."work_items" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."work_items_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"connection" text DEFAULT '' NOT NULL,
	"system" text DEFAULT '' NOT NULL,
	"about" bigint DEFAULT 0 NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"owner_name" text,
	"owner_email" text,
	"due_at" timestamp with time zone,
	"people" bigint DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"listed_at" timestamp with time zone,
	"ended" jsonb,
	"lagging" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connector_host"."events" ADD COLUMN "work" bigint;--> statement-breakpoint
ALTER TABLE "connector_host"."leftovers" ADD COLUMN "work" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "work_items_joined" ON "connector_host"."work_items" USING btree ("kind","connection","system","about") WHERE state = 'open' and listed_at is null;--> statement-breakpoint
CREATE INDEX "work_items_order" ON "connector_host"."work_items" USING btree ((state <> 'open'),coalesce(due_at, timestamptz 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "work_items_open" ON "connector_host"."work_items" USING btree (coalesce(due_at, timestamptz 'infinity'),"id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "work_items_owner" ON "connector_host"."work_items" USING btree (lower(owner_email)) WHERE owner_email is not null;--> statement-breakpoint
CREATE INDEX "work_items_about" ON "connector_host"."work_items" USING btree ("connection","system");--> statement-breakpoint
CREATE INDEX "work_items_lagging" ON "connector_host"."work_items" USING btree ("connection") WHERE lagging;--> statement-breakpoint
CREATE INDEX "events_work" ON "connector_host"."events" USING btree ("work") WHERE work is not null;--> statement-breakpoint
CREATE INDEX "leftovers_work" ON "connector_host"."leftovers" USING btree ("work") WHERE work is not null;--> statement-breakpoint
CREATE INDEX "leftovers_in_no_work" ON "connector_host"."leftovers" USING btree ("connection") WHERE state = 'open' and work is null;