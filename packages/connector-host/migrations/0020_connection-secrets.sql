CREATE TABLE "connector_host"."connection_secrets" (
	"connection" text NOT NULL,
	"place" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "connection_secrets_connection_place_name_pk" PRIMARY KEY("connection","place","name")
);
