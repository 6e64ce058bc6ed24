CREATE TABLE "connector_host"."processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"ahead_ms" double precision NOT NULL,
	"doubt" text,
	"at" timestamp with time zone NOT NULL
);
