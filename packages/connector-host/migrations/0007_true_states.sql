CREATE TABLE "connector_host"."leftovers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."leftovers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operation" bigint NOT NULL,
	"connection" text NOT NULL,
	"system" text NOT NULL,
	"name" text NOT NULL,
	"code" text NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"ended" jsonb,
	"opened_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connector_host"."operations" ADD COLUMN "left_over" text;--> statement-breakpoint
ALTER TABLE "connector_host"."operations" ADD COLUMN "lagging" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "closed" jsonb;--> statement-breakpoint
ALTER TABLE "connector_host"."systems" ADD COLUMN "archiving" jsonb;--> statement-breakpoint
ALTER TABLE "connector_host"."systems" ADD COLUMN "treatment" jsonb;--> statement-breakpoint
ALTER TABLE "connector_host"."tasks" ADD COLUMN "basis" text;--> statement-breakpoint
ALTER TABLE "connector_host"."tasks" ADD COLUMN "left_over" text;--> statement-breakpoint
ALTER TABLE "connector_host"."tasks" ADD COLUMN "own_leftover" text;--> statement-breakpoint
ALTER TABLE "connector_host"."tasks" ADD COLUMN "answer" jsonb;--> statement-breakpoint
CREATE UNIQUE INDEX "leftovers_operation" ON "connector_host"."leftovers" USING btree ("operation","system");--> statement-breakpoint
CREATE INDEX "leftovers_open" ON "connector_host"."leftovers" USING btree ("connection","system") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "operations_lagging" ON "connector_host"."operations" USING btree ("id") WHERE lagging;--> statement-breakpoint
UPDATE "connector_host"."tasks" t SET "basis" = CASE WHEN EXISTS (
  SELECT FROM "connector_host"."operations" o WHERE (o.id = t.operation OR o.root = t.operation) AND o.state = 'accepted'
) THEN 'submission' ELSE 'vendor' END
WHERE t."right" = 'deletion' AND t.state IN ('complete', 'complete_with_exceptions');
--> statement-breakpoint
UPDATE "connector_host"."tasks" SET "state" = 'waiting_for_person', "concluded_at" = NULL
WHERE "right" = 'access' AND "access_step" = 'direct_contact' AND "state" = 'complete'
  OR "state" = 'error' AND "fault" ->> 'code' = 'SUBMISSION_UNCERTAIN' AND EXISTS (
    SELECT FROM "connector_host"."operations" o
    WHERE (o.id = "tasks"."operation" OR o.root = "tasks"."operation") AND o.state = 'undecided');
--> statement-breakpoint
UPDATE "connector_host"."requests" r SET "state" = 'waiting_for_person', "concluded_at" = NULL, "settled_at" = NULL
WHERE EXISTS (SELECT FROM "connector_host"."tasks" t WHERE t.request = r.id AND t.state = 'waiting_for_person');
