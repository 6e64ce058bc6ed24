CREATE SCHEMA "connector_host";
--> statement-breakpoint
CREATE TABLE "connector_host"."access_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"proof" "bytea" NOT NULL,
	"address" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_active_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "access_sessions_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."access_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"email" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "access_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."answer_links" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"task" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL
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
CREATE TABLE "connector_host"."connection_secrets" (
	"connection" text NOT NULL,
	"place" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "connection_secrets_connection_place_name_pk" PRIMARY KEY("connection","place","name")
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
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"contact" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."contact_asks" (
	"task" bigint PRIMARY KEY NOT NULL,
	"work" bigint NOT NULL,
	"contact" jsonb,
	"asked_at" timestamp with time zone NOT NULL,
	"answer_by" timestamp with time zone NOT NULL,
	"messages" smallint DEFAULT 0 NOT NULL,
	"taken_at" timestamp with time zone,
	"next_at" timestamp with time zone,
	"silent_at" timestamp with time zone,
	"ended_at" timestamp with time zone
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
	"work" bigint,
	"actor" text,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."file_pieces" (
	"file" bigint NOT NULL,
	"place" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "file_pieces_file_place_pk" PRIMARY KEY("file","place")
);
--> statement-breakpoint
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
	"work" bigint,
	"opened_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."notice_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."notice_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" uuid NOT NULL,
	"notice" uuid,
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
CREATE TABLE "connector_host"."operation_members" (
	"operation" bigint NOT NULL,
	"task" bigint NOT NULL,
	"positions" smallint[],
	"outcome" text,
	"fault" jsonb,
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
	"repeats" smallint DEFAULT 0 NOT NULL,
	"attempted_at" timestamp with time zone,
	"quota_group" text DEFAULT '' NOT NULL,
	"settings" jsonb,
	"progress" text,
	"reference" text,
	"shared_reference" boolean DEFAULT false NOT NULL,
	"accepted_at" timestamp with time zone,
	"vendor_state" text,
	"destinations" jsonb,
	"exceptions" jsonb,
	"words" "bytea",
	"left_over" text,
	"lagging" boolean DEFAULT false NOT NULL,
	"expected_by" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"next_poll_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
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
	"remaining" double precision,
	"resets_at" double precision,
	CONSTRAINT "paces_connection_limit_id_pk" PRIMARY KEY("connection","limit_id")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"ahead_ms" double precision NOT NULL,
	"doubt" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."quota_counts" (
	"connection" text NOT NULL,
	"month" text NOT NULL,
	"quota_group" text DEFAULT '' NOT NULL,
	"used" bigint NOT NULL,
	CONSTRAINT "quota_counts_connection_month_quota_group_pk" PRIMARY KEY("connection","month","quota_group")
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
	"doubts" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"jurisdiction" text DEFAULT 'gdpr' NOT NULL,
	"jurisdiction_days" smallint,
	"due_at" timestamp with time zone DEFAULT now() + interval '1 month' NOT NULL,
	"corrects" text,
	"extension" jsonb,
	"concluded_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"closed" jsonb,
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
CREATE TABLE "connector_host"."stored_files" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."stored_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request" bigint,
	"task" bigint,
	"work" bigint,
	"name" "bytea" NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attached_at" timestamp with time zone
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
	"archiving" jsonb,
	"treatment" jsonb,
	"changes" text[] NOT NULL,
	CONSTRAINT "systems_connection_key_pk" PRIMARY KEY("connection","key")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."tallies" (
	"what" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"n" bigint NOT NULL,
	"ms" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_host"."tasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request" bigint NOT NULL,
	"connection" text NOT NULL,
	"right" text NOT NULL,
	"state" text NOT NULL,
	"basis" text,
	"left_over" text,
	"own_leftover" text,
	"own_ended" jsonb,
	"answer" jsonb,
	"access_step" text,
	"operation" bigint,
	"fault" jsonb,
	"due_at" timestamp with time zone,
	"expected_by" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"concluded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connector_host"."upkeep" (
	"name" text PRIMARY KEY NOT NULL,
	"after" bigint NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
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
CREATE INDEX "access_sessions_token" ON "connector_host"."access_sessions" USING btree ("token");--> statement-breakpoint
CREATE INDEX "answer_links_task" ON "connector_host"."answer_links" USING btree ("task");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_name" ON "connector_host"."connections" USING btree (lower(name)) WHERE state <> 'removed';--> statement-breakpoint
CREATE INDEX "contact_asks_next" ON "connector_host"."contact_asks" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "contact_asks_work" ON "connector_host"."contact_asks" USING btree ("work");--> statement-breakpoint
CREATE INDEX "contact_asks_ended" ON "connector_host"."contact_asks" USING btree ("ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "data_keys_live" ON "connector_host"."data_keys" USING btree ("purpose") WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "detections_connection" ON "connector_host"."detections" USING btree ("connection","id");--> statement-breakpoint
CREATE UNIQUE INDEX "detections_running" ON "connector_host"."detections" USING btree ("connection") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "events_request" ON "connector_host"."events" USING btree ("request") WHERE request is not null;--> statement-breakpoint
CREATE INDEX "events_task" ON "connector_host"."events" USING btree ("task") WHERE task is not null;--> statement-breakpoint
CREATE INDEX "events_operation" ON "connector_host"."events" USING btree ("operation") WHERE operation is not null;--> statement-breakpoint
CREATE INDEX "events_connection" ON "connector_host"."events" USING btree ("connection") WHERE connection is not null;--> statement-breakpoint
CREATE INDEX "events_work" ON "connector_host"."events" USING btree ("work") WHERE work is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "leftovers_operation" ON "connector_host"."leftovers" USING btree ("operation","system");--> statement-breakpoint
CREATE INDEX "leftovers_open" ON "connector_host"."leftovers" USING btree ("connection","system") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "leftovers_work" ON "connector_host"."leftovers" USING btree ("work","state") WHERE work is not null;--> statement-breakpoint
CREATE INDEX "leftovers_decided" ON "connector_host"."leftovers" USING btree ("connection","system",(ended ->> 'treatment')) WHERE ended ->> 'treatment' is not null;--> statement-breakpoint
CREATE INDEX "leftovers_in_no_work" ON "connector_host"."leftovers" USING btree ("connection") WHERE state = 'open' and work is null;--> statement-breakpoint
CREATE INDEX "notice_deliveries_waiting" ON "connector_host"."notice_deliveries" USING btree ("next_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "notice_deliveries_notice" ON "connector_host"."notice_deliveries" USING btree ("notice","id");--> statement-breakpoint
CREATE INDEX "operation_members_task" ON "connector_host"."operation_members" USING btree ("task");--> statement-breakpoint
CREATE INDEX "operations_connection" ON "connector_host"."operations" USING btree ("connection","id");--> statement-breakpoint
CREATE INDEX "operations_open" ON "connector_host"."operations" USING btree ("state","next_poll_at") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "operations_root" ON "connector_host"."operations" USING btree ("root") WHERE root is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_reference" ON "connector_host"."operations" USING btree ("connection","reference") WHERE not shared_reference;--> statement-breakpoint
CREATE INDEX "operations_lagging" ON "connector_host"."operations" USING btree ("id") WHERE lagging;--> statement-breakpoint
CREATE UNIQUE INDEX "requests_request_id" ON "connector_host"."requests" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "requests_state" ON "connector_host"."requests" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "requests_due" ON "connector_host"."requests" USING btree ((settled_at is not null),"due_at","id");--> statement-breakpoint
CREATE INDEX "requests_fingerprints" ON "connector_host"."requests" USING gin ("fingerprints");--> statement-breakpoint
CREATE INDEX "stored_files_request" ON "connector_host"."stored_files" USING btree ("request") WHERE request is not null;--> statement-breakpoint
CREATE INDEX "stored_files_work" ON "connector_host"."stored_files" USING btree ("work") WHERE work is not null;--> statement-breakpoint
CREATE INDEX "stored_files_arriving" ON "connector_host"."stored_files" USING btree ("created_at") WHERE attached_at is null;--> statement-breakpoint
CREATE INDEX "tallies_of" ON "connector_host"."tallies" USING btree ("what","at");--> statement-breakpoint
CREATE INDEX "tasks_request" ON "connector_host"."tasks" USING btree ("request");--> statement-breakpoint
CREATE INDEX "tasks_waiting" ON "connector_host"."tasks" USING btree ("connection","due_at","id") WHERE state = 'pending' and operation is null;--> statement-breakpoint
CREATE INDEX "tasks_operation" ON "connector_host"."tasks" USING btree ("operation");--> statement-breakpoint
CREATE INDEX "tasks_own_open" ON "connector_host"."tasks" USING btree ("connection","id") WHERE own_leftover = 'open';--> statement-breakpoint
CREATE INDEX "tasks_error" ON "connector_host"."tasks" USING btree ("connection","request") WHERE state = 'error';--> statement-breakpoint
CREATE UNIQUE INDEX "work_items_joined" ON "connector_host"."work_items" USING btree ("kind","connection","system","about") WHERE state = 'open' and listed_at is null;--> statement-breakpoint
CREATE INDEX "work_items_order" ON "connector_host"."work_items" USING btree ((state <> 'open'),coalesce(due_at, timestamptz 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "work_items_open" ON "connector_host"."work_items" USING btree (coalesce(due_at, timestamptz 'infinity'),"id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "work_items_open_of_kind" ON "connector_host"."work_items" USING btree ("kind",coalesce(due_at, timestamptz 'infinity'),"id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "work_items_owner" ON "connector_host"."work_items" USING btree (lower(coalesce(owner_email, owner_name)),"state",coalesce(due_at, timestamptz 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "work_items_owner_name" ON "connector_host"."work_items" USING btree (lower(owner_name)) WHERE owner_name is not null;--> statement-breakpoint
CREATE INDEX "work_items_about" ON "connector_host"."work_items" USING btree ("connection","system","about");--> statement-breakpoint
CREATE INDEX "work_items_lagging" ON "connector_host"."work_items" USING btree ("connection") WHERE lagging;--> statement-breakpoint
-- What the tables demand beyond their columns is written by hand, from here on.
-- The audit log is only ever added to.
CREATE FUNCTION "connector_host"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only: % refused', lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "connector_host"."audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "audit_head_stays" BEFORE DELETE OR TRUNCATE ON "connector_host"."audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."refuse_change"();
--> statement-breakpoint
INSERT INTO "connector_host"."audit_head" ("id", "seq", "hash") VALUES (1, 0, decode(repeat('00', 32), 'hex'));
--> statement-breakpoint
-- The server keeps no samples of what is sealed: those of a table that has become empty would stay for good.
ALTER TABLE "connector_host"."stored_files" ALTER COLUMN "name" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "connector_host"."file_pieces" ALTER COLUMN "sealed" SET STATISTICS 0;
--> statement-breakpoint
-- Classes of durations: within the limits that an overview shows, each a sixteenth of a doubling wide. In the order of their last number.
-- In a form that the server writes into the statements of the triggers: called, it would be planned anew for each task.
CREATE FUNCTION "connector_host"."duration_class"(ms bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT width_bucket(greatest(ms, 1) - 1, '{3600000,21600000,86400000,259200000,604800000,1209600000,2592000000}'::bigint[])::text
    || '.' || floor(ln(greatest(ms, 1)) / ln(2) * 16)::int::text
$$;
--> statement-breakpoint
CREATE FUNCTION "connector_host"."tally_requests"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n")
    SELECT c.what, c.key, c.at, sum(g.n) FROM (
      SELECT d.state, d.due_at, d.settled_at IS NULL AS unsettled,
             to_timestamp(floor(extract(epoch FROM d.created_at) / 900) * 900) AS accepted,
             to_timestamp(floor(extract(epoch FROM d.concluded_at) / 900) * 900) AS concluded, sum(d.n) AS n
        FROM (SELECT state, due_at, settled_at, created_at, concluded_at, 1 AS n FROM added) d GROUP BY 1, 2, 3, 4, 5
    ) g CROSS JOIN LATERAL (VALUES
      ('state', g.state, '-infinity'::timestamptz),
      ('due', g.state, CASE WHEN g.unsettled THEN g.due_at END),
      ('accepted', '', g.accepted),
      ('concluded', g.state, g.concluded)
    ) c (what, key, at) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n")
    SELECT c.what, c.key, c.at, sum(g.n) FROM (
      SELECT d.state, d.due_at, d.settled_at IS NULL AS unsettled,
             to_timestamp(floor(extract(epoch FROM d.created_at) / 900) * 900) AS accepted,
             to_timestamp(floor(extract(epoch FROM d.concluded_at) / 900) * 900) AS concluded, sum(d.n) AS n
        FROM (SELECT state, due_at, settled_at, created_at, concluded_at, 1 AS n FROM added UNION ALL SELECT state, due_at, settled_at, created_at, concluded_at, -1 AS n FROM removed) d GROUP BY 1, 2, 3, 4, 5
    ) g CROSS JOIN LATERAL (VALUES
      ('state', g.state, '-infinity'::timestamptz),
      ('due', g.state, CASE WHEN g.unsettled THEN g.due_at END),
      ('accepted', '', g.accepted),
      ('concluded', g.state, g.concluded)
    ) c (what, key, at) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0;
  ELSE
    INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n")
    SELECT c.what, c.key, c.at, sum(g.n) FROM (
      SELECT d.state, d.due_at, d.settled_at IS NULL AS unsettled,
             to_timestamp(floor(extract(epoch FROM d.created_at) / 900) * 900) AS accepted,
             to_timestamp(floor(extract(epoch FROM d.concluded_at) / 900) * 900) AS concluded, sum(d.n) AS n
        FROM (SELECT state, due_at, settled_at, created_at, concluded_at, -1 AS n FROM removed) d GROUP BY 1, 2, 3, 4, 5
    ) g CROSS JOIN LATERAL (VALUES
      ('state', g.state, '-infinity'::timestamptz),
      ('due', g.state, CASE WHEN g.unsettled THEN g.due_at END),
      ('accepted', '', g.accepted),
      ('concluded', g.state, g.concluded)
    ) c (what, key, at) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "tally_added" AFTER INSERT ON "connector_host"."requests" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_requests"();
--> statement-breakpoint
CREATE TRIGGER "tally_changed" AFTER UPDATE ON "connector_host"."requests" REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_requests"();
--> statement-breakpoint
CREATE TRIGGER "tally_removed" AFTER DELETE ON "connector_host"."requests" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_requests"();
--> statement-breakpoint
CREATE FUNCTION "connector_host"."tally_tasks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n", "ms")
    SELECT c.what, c.key, c.at, sum(g.n), sum(c.ms * g.n) FROM (
      SELECT d.connection, d."right", d.state, coalesce(d.due_at, 'infinity') AS due_at, d.expected_by, d.created_at, d.concluded_at, sum(d.n) AS n
        FROM (SELECT connection, "right", state, due_at, expected_by, created_at, concluded_at, 1 AS n FROM added) d GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) g CROSS JOIN LATERAL (
      SELECT greatest(round(extract(epoch FROM g.concluded_at - g.created_at) * 1000), 0)::bigint AS ms
    ) t CROSS JOIN LATERAL (VALUES
      ('waiting', g.connection, CASE WHEN g.state = 'pending' AND g."right" = 'deletion' THEN g.due_at END, 0),
      ('open', g.connection, CASE WHEN g.concluded_at IS NULL THEN g.due_at END, 0),
      ('expected', g.connection, CASE WHEN g.concluded_at IS NULL THEN g.expected_by END, 0),
      ('errors', g.connection, CASE WHEN g.state = 'error' THEN '-infinity'::timestamptz END, 0),
      ('took', "connector_host"."duration_class"(t.ms), CASE WHEN g."right" = 'deletion' AND g.state IN ('complete', 'complete_with_exceptions')
        THEN to_timestamp(floor(extract(epoch FROM g.concluded_at) / 86400) * 86400) END, t.ms)
    ) c (what, key, at, ms) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0 OR sum(c.ms * g.n) <> 0;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n", "ms")
    SELECT c.what, c.key, c.at, sum(g.n), sum(c.ms * g.n) FROM (
      SELECT d.connection, d."right", d.state, coalesce(d.due_at, 'infinity') AS due_at, d.expected_by, d.created_at, d.concluded_at, sum(d.n) AS n
        FROM (SELECT connection, "right", state, due_at, expected_by, created_at, concluded_at, 1 AS n FROM added UNION ALL SELECT connection, "right", state, due_at, expected_by, created_at, concluded_at, -1 AS n FROM removed) d GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) g CROSS JOIN LATERAL (
      SELECT greatest(round(extract(epoch FROM g.concluded_at - g.created_at) * 1000), 0)::bigint AS ms
    ) t CROSS JOIN LATERAL (VALUES
      ('waiting', g.connection, CASE WHEN g.state = 'pending' AND g."right" = 'deletion' THEN g.due_at END, 0),
      ('open', g.connection, CASE WHEN g.concluded_at IS NULL THEN g.due_at END, 0),
      ('expected', g.connection, CASE WHEN g.concluded_at IS NULL THEN g.expected_by END, 0),
      ('errors', g.connection, CASE WHEN g.state = 'error' THEN '-infinity'::timestamptz END, 0),
      ('took', "connector_host"."duration_class"(t.ms), CASE WHEN g."right" = 'deletion' AND g.state IN ('complete', 'complete_with_exceptions')
        THEN to_timestamp(floor(extract(epoch FROM g.concluded_at) / 86400) * 86400) END, t.ms)
    ) c (what, key, at, ms) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0 OR sum(c.ms * g.n) <> 0;
  ELSE
    INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n", "ms")
    SELECT c.what, c.key, c.at, sum(g.n), sum(c.ms * g.n) FROM (
      SELECT d.connection, d."right", d.state, coalesce(d.due_at, 'infinity') AS due_at, d.expected_by, d.created_at, d.concluded_at, sum(d.n) AS n
        FROM (SELECT connection, "right", state, due_at, expected_by, created_at, concluded_at, -1 AS n FROM removed) d GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) g CROSS JOIN LATERAL (
      SELECT greatest(round(extract(epoch FROM g.concluded_at - g.created_at) * 1000), 0)::bigint AS ms
    ) t CROSS JOIN LATERAL (VALUES
      ('waiting', g.connection, CASE WHEN g.state = 'pending' AND g."right" = 'deletion' THEN g.due_at END, 0),
      ('open', g.connection, CASE WHEN g.concluded_at IS NULL THEN g.due_at END, 0),
      ('expected', g.connection, CASE WHEN g.concluded_at IS NULL THEN g.expected_by END, 0),
      ('errors', g.connection, CASE WHEN g.state = 'error' THEN '-infinity'::timestamptz END, 0),
      ('took', "connector_host"."duration_class"(t.ms), CASE WHEN g."right" = 'deletion' AND g.state IN ('complete', 'complete_with_exceptions')
        THEN to_timestamp(floor(extract(epoch FROM g.concluded_at) / 86400) * 86400) END, t.ms)
    ) c (what, key, at, ms) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0 OR sum(c.ms * g.n) <> 0;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "tally_added" AFTER INSERT ON "connector_host"."tasks" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_tasks"();
--> statement-breakpoint
CREATE TRIGGER "tally_changed" AFTER UPDATE ON "connector_host"."tasks" REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_tasks"();
--> statement-breakpoint
CREATE TRIGGER "tally_removed" AFTER DELETE ON "connector_host"."tasks" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_tasks"();
--> statement-breakpoint
CREATE FUNCTION "connector_host"."tally_no_requests"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "connector_host"."tallies" WHERE "what" IN ('state', 'due', 'accepted', 'concluded');
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "tally_emptied" AFTER TRUNCATE ON "connector_host"."requests" FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_no_requests"();
--> statement-breakpoint
CREATE FUNCTION "connector_host"."tally_no_tasks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "connector_host"."tallies" WHERE "what" IN ('waiting', 'open', 'expected', 'errors', 'took');
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "tally_emptied" AFTER TRUNCATE ON "connector_host"."tasks" FOR EACH STATEMENT EXECUTE FUNCTION "connector_host"."tally_no_tasks"();
