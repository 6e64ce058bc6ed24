CREATE TABLE "connector_host"."answer_chunks" (
	"file" bigint NOT NULL,
	"place" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "answer_chunks_file_place_pk" PRIMARY KEY("file","place")
);
--> statement-breakpoint
CREATE TABLE "connector_host"."answer_files" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_host"."answer_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request" bigint NOT NULL,
	"task" bigint NOT NULL,
	"name" "bytea" NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attached_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connector_host"."answer_links" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"task" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL
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
ALTER TABLE "connector_host"."notice_deliveries" ALTER COLUMN "notice" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."connections" ADD COLUMN "contact" jsonb;--> statement-breakpoint
CREATE INDEX "answer_files_request" ON "connector_host"."answer_files" USING btree ("request");--> statement-breakpoint
CREATE INDEX "answer_files_arriving" ON "connector_host"."answer_files" USING btree ("created_at") WHERE attached_at is null;--> statement-breakpoint
CREATE INDEX "answer_links_task" ON "connector_host"."answer_links" USING btree ("task");--> statement-breakpoint
CREATE INDEX "contact_asks_next" ON "connector_host"."contact_asks" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "contact_asks_work" ON "connector_host"."contact_asks" USING btree ("work");--> statement-breakpoint
CREATE INDEX "contact_asks_ended" ON "connector_host"."contact_asks" USING btree ("ended_at") WHERE ended_at is not null;