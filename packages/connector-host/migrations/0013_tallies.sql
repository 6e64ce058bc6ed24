CREATE TABLE "connector_host"."tallies" (
	"what" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"n" bigint NOT NULL,
	"ms" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "tallies_of" ON "connector_host"."tallies" USING btree ("what","at");--> statement-breakpoint
-- Classes of durations: within the limits that an overview shows, each a sixteenth of a doubling wide. In the order of their last number.
CREATE FUNCTION "connector_host"."duration_class"(ms bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (SELECT count(*) FROM unnest('{3600000,21600000,86400000,259200000,604800000,1209600000,2592000000}'::bigint[]) AS up_to WHERE ms > up_to)
    || '.' || floor(ln(greatest(ms, 1)) / ln(2) * 16)::int
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
--> statement-breakpoint
-- What is there already. The triggers above keep others from writing meanwhile.
INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n")
    SELECT c.what, c.key, c.at, sum(g.n) FROM (
      SELECT d.state, d.due_at, d.settled_at IS NULL AS unsettled,
             to_timestamp(floor(extract(epoch FROM d.created_at) / 900) * 900) AS accepted,
             to_timestamp(floor(extract(epoch FROM d.concluded_at) / 900) * 900) AS concluded, sum(d.n) AS n
        FROM (SELECT state, due_at, settled_at, created_at, concluded_at, 1 AS n FROM "connector_host"."requests") d GROUP BY 1, 2, 3, 4, 5
    ) g CROSS JOIN LATERAL (VALUES
      ('state', g.state, '-infinity'::timestamptz),
      ('due', g.state, CASE WHEN g.unsettled THEN g.due_at END),
      ('accepted', '', g.accepted),
      ('concluded', g.state, g.concluded)
    ) c (what, key, at) WHERE c.at IS NOT NULL AND g.n <> 0
    GROUP BY 1, 2, 3 HAVING sum(g.n) <> 0;
--> statement-breakpoint
-- What is there already. The triggers above keep others from writing meanwhile.
INSERT INTO "connector_host"."tallies" ("what", "key", "at", "n", "ms")
    SELECT c.what, c.key, c.at, sum(g.n), sum(c.ms * g.n) FROM (
      SELECT d.connection, d."right", d.state, coalesce(d.due_at, 'infinity') AS due_at, d.expected_by, d.created_at, d.concluded_at, sum(d.n) AS n
        FROM (SELECT connection, "right", state, due_at, expected_by, created_at, concluded_at, 1 AS n FROM "connector_host"."tasks") d GROUP BY 1, 2, 3, 4, 5, 6, 7
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
