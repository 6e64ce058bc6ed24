CREATE TABLE "connector_host"."notice_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."notice_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" uuid NOT NULL,
	"notice" uuid NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"kind" text NOT NULL,
	"message" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attempted_at" timestamp with time zone,
	"next_at" timestamp with time zone NOT NULL,
	"give_up_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"failure" jsonb,
	CONSTRAINT "notice_deliveries_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."notice_outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."notice_outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"connection" text,
	"owner" text,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"target" jsonb NOT NULL,
	"sealed" "bytea",
	"kinds" text[] NOT NULL,
	"quiet" jsonb,
	"zone" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"switched_off" jsonb,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connector_host"."access_tokens" ADD COLUMN "email" text;--> statement-breakpoint
CREATE INDEX "notice_deliveries_waiting" ON "connector_host"."notice_deliveries" USING btree ("next_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "notice_deliveries_notice" ON "connector_host"."notice_deliveries" USING btree ("notice","id");