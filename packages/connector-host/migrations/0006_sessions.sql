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
CREATE INDEX "access_sessions_token" ON "connector_host"."access_sessions" USING btree ("token");