ALTER TABLE "connector_host"."requests" ADD COLUMN "received_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "jurisdiction" text DEFAULT 'gdpr' NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "jurisdiction_days" smallint;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "due_at" timestamp with time zone DEFAULT now() + interval '1 month' NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "extension" jsonb;--> statement-breakpoint
ALTER TABLE "connector_host"."requests" ADD COLUMN "settled_at" timestamp with time zone;--> statement-breakpoint
-- A month from acceptance was counted as 30 days: those get the calendar month, to the end of its last day (UTC). Dates that a sender gave stay.
UPDATE "connector_host"."requests" r SET "received_at" = r."created_at",
  "settled_at" = CASE WHEN r."state" IN ('processing', 'error') THEN NULL ELSE r."concluded_at" END,
  "due_at" = CASE WHEN d."due_at" IS NULL OR d."due_at" = r."created_at" + interval '720 hours'
    THEN ((r."created_at" AT TIME ZONE 'UTC')::date + interval '1 month' + interval '1 day' - interval '1 millisecond') AT TIME ZONE 'UTC'
    ELSE date_trunc('milliseconds', d."due_at") END
  FROM "connector_host"."requests" own
  CROSS JOIN LATERAL (SELECT min(t."due_at") AS "due_at" FROM "connector_host"."tasks" t WHERE t."request" = own."id") d
  WHERE own."id" = r."id";--> statement-breakpoint
UPDATE "connector_host"."tasks" t SET "due_at" = r."due_at" FROM "connector_host"."requests" r
  WHERE r."id" = t."request" AND t."concluded_at" IS NULL AND t."due_at" IS DISTINCT FROM r."due_at";--> statement-breakpoint
CREATE INDEX "requests_due" ON "connector_host"."requests" USING btree ((settled_at is not null),"due_at","id");