-- The same classes, in a form that the server writes into the statements of the triggers: called, it would be planned anew for each task.
CREATE OR REPLACE FUNCTION "connector_host"."duration_class"(ms bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT width_bucket(greatest(ms, 1) - 1, '{3600000,21600000,86400000,259200000,604800000,1209600000,2592000000}'::bigint[])::text
    || '.' || floor(ln(greatest(ms, 1)) / ln(2) * 16)::int::text
$$;
