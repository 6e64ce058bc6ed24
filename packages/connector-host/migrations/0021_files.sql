ALTER TABLE "connector_host"."answer_chunks" RENAME TO "file_pieces";--> statement-breakpoint
ALTER TABLE "connector_host"."file_pieces" RENAME CONSTRAINT "answer_chunks_file_place_pk" TO "file_pieces_file_place_pk";--> statement-breakpoint
ALTER TABLE "connector_host"."answer_files" RENAME TO "stored_files";--> statement-breakpoint
ALTER TABLE "connector_host"."stored_files" RENAME CONSTRAINT "answer_files_pkey" TO "stored_files_pkey";--> statement-breakpoint
ALTER SEQUENCE "connector_host"."answer_files_id_seq" RENAME TO "stored_files_id_seq";--> statement-breakpoint
ALTER TABLE "connector_host"."stored_files" ALTER COLUMN "request" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."stored_files" ALTER COLUMN "task" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "connector_host"."stored_files" ADD COLUMN "work" bigint;--> statement-breakpoint
DROP INDEX "connector_host"."answer_files_request";--> statement-breakpoint
ALTER INDEX "connector_host"."answer_files_arriving" RENAME TO "stored_files_arriving";--> statement-breakpoint
CREATE INDEX "stored_files_request" ON "connector_host"."stored_files" USING btree ("request") WHERE request is not null;--> statement-breakpoint
CREATE INDEX "stored_files_work" ON "connector_host"."stored_files" USING btree ("work") WHERE work is not null;--> statement-breakpoint
-- The server keeps no samples of what is sealed: those of a table that has become empty would stay for good. A change of type drops those that there are.
ALTER TABLE "connector_host"."stored_files" ALTER COLUMN "name" SET DATA TYPE bytea, ALTER COLUMN "name" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "connector_host"."file_pieces" ALTER COLUMN "sealed" SET DATA TYPE bytea, ALTER COLUMN "sealed" SET STATISTICS 0;
