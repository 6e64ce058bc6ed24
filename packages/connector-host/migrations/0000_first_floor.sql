CREATE SCHEMA "connector_host";
--> statement-breakpoint
CREATE TABLE "connector_host"."access_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "access_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."audit_head" (
	"id" smallint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."audit_log" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"target" jsonb NOT NULL,
	"data" jsonb NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."circuits" (
	"connection" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"failed_at" timestamp with time zone NOT NULL,
	"probe_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connector_host"."connections" (
	"id" text PRIMARY KEY NOT NULL,
	"connector" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"capabilities" text[] NOT NULL,
	"config" jsonb NOT NULL,
	"secrets" "bytea",
	"facts" jsonb NOT NULL,
	"last_check" jsonb,
	"quota" jsonb,
	"held_until" timestamp with time zone,
	"held_code" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."data_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"wrapped" "bytea",
	"master_key_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connector_host"."detections" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."detections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection" text NOT NULL,
	"trigger" text NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"found" integer DEFAULT 0 NOT NULL,
	"added" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"gone" integer DEFAULT 0 NOT NULL,
	"fault" jsonb
);
--> statement-breakpoint
CREATE TABLE "connector_host"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"request" bigint,
	"task" bigint,
	"operation" bigint,
	"connection" text,
	"actor" text,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."operation_members" (
	"operation" bigint NOT NULL,
	"task" bigint NOT NULL,
	"positions" smallint[],
	CONSTRAINT "operation_members_operation_task_pk" PRIMARY KEY("operation","task")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."operations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."operations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection" text NOT NULL,
	"key" uuid DEFAULT gen_random_uuid() NOT NULL,
	"state" text NOT NULL,
	"parent" bigint,
	"root" bigint,
	"subjects" integer NOT NULL,
	"identifiers" integer NOT NULL,
	"bytes" integer NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"attempted_at" timestamp with time zone,
	"reference" text,
	"accepted_at" timestamp with time zone,
	"vendor_state" text,
	"destinations" jsonb,
	"exceptions" jsonb,
	"expected_by" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"next_poll_at" timestamp with time zone,
	"polls" integer DEFAULT 0 NOT NULL,
	"fault" jsonb,
	"due_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."paces" (
	"connection" text NOT NULL,
	"limit_id" text NOT NULL,
	"arrival" double precision NOT NULL,
	CONSTRAINT "paces_connection_limit_id_pk" PRIMARY KEY("connection","limit_id")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."requests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."requests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request_id" text collate "C" NOT NULL,
	"right" text NOT NULL,
	"state" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"identifiers" "bytea",
	"fingerprints" bigint[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"concluded_at" timestamp with time zone,
	"purged_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connector_host"."signing_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" jsonb NOT NULL,
	"private_key" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connector_host"."systems" (
	"connection" text NOT NULL,
	"key" text NOT NULL,
	"system" jsonb NOT NULL,
	"coverage_state" text NOT NULL,
	"first_seen" timestamp with time zone NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	"last_detection" bigint NOT NULL,
	"state" text NOT NULL,
	"archived" boolean DEFAULT false NOT NULL,
	"changes" text[] NOT NULL,
	CONSTRAINT "systems_connection_key_pk" PRIMARY KEY("connection","key")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."tasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request" bigint NOT NULL,
	"connection" text NOT NULL,
	"right" text NOT NULL,
	"state" text NOT NULL,
	"access_step" text,
	"operation" bigint,
	"fault" jsonb,
	"due_at" timestamp with time zone,
	"expected_by" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"concluded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "connections_name" ON "connector_host"."connections" USING btree (lower(name)) WHERE state <> 'removed';--> statement-breakpoint
CREATE UNIQUE INDEX "data_keys_live" ON "connector_host"."data_keys" USING btree ("purpose") WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "detections_connection" ON "connector_host"."detections" USING btree ("connection","id");--> statement-breakpoint
CREATE UNIQUE INDEX "detections_running" ON "connector_host"."detections" USING btree ("connection") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "events_request" ON "connector_host"."events" USING btree ("request") WHERE request is not null;--> statement-breakpoint
CREATE INDEX "events_task" ON "connector_host"."events" USING btree ("task") WHERE task is not null;--> statement-breakpoint
CREATE INDEX "events_operation" ON "connector_host"."events" USING btree ("operation") WHERE operation is not null;--> statement-breakpoint
CREATE INDEX "events_connection" ON "connector_host"."events" USING btree ("connection") WHERE connection is not null;--> statement-breakpoint
CREATE INDEX "operation_members_task" ON "connector_host"."operation_members" USING btree ("task");--> statement-breakpoint
CREATE INDEX "operations_connection" ON "connector_host"."operations" USING btree ("connection","id");--> statement-breakpoint
CREATE INDEX "operations_open" ON "connector_host"."operations" USING btree ("state","next_poll_at") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "operations_root" ON "connector_host"."operations" USING btree ("root") WHERE root is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_reference" ON "connector_host"."operations" USING btree ("connection","reference");--> statement-breakpoint
CREATE UNIQUE INDEX "requests_request_id" ON "connector_host"."requests" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "requests_state" ON "connector_host"."requests" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "requests_fingerprints" ON "connector_host"."requests" USING gin ("fingerprints");--> statement-breakpoint
CREATE INDEX "tasks_request" ON "connector_host"."tasks" USING btree ("request");--> statement-breakpoint
CREATE INDEX "tasks_waiting" ON "connector_host"."tasks" USING btree ("connection","due_at","id") WHERE state = 'pending' and operation is null;--> statement-breakpoint
CREATE INDEX "tasks_operation" ON "connector_host"."tasks" USING btree ("operation");