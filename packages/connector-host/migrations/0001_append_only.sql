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
