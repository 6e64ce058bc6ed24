/**
 * The account by which the host works in its own database. It owns the host's tables and may do nothing else: who made the server, and
 * may do everything, only sees to that.
 */
import pg from 'pg';

/** The account's name. */
const ACCOUNT = 'connector_host_account';

/** Advisory lock under which a data folder is brought over: several processes may start at once. */
const BRINGING_OVER = 4_600_003;

/** Schemas of the host. */
const schemas = ['connector_host', 'connector_host_jobs', 'connector_host_migrations'];

const quoted = schemas.map((name) => `'${name}'`).join(', ');

/**
 * Whatever of the host's schemas is another's becomes the account's: in data folders of before, the server's maker owns it. Sequences of
 * columns follow their tables, and types of tables do, too.
 */
const bringOver = `
do $$
declare what text;
begin
  for what in
    select format('schema %I', nspname) from pg_namespace
      where nspname in (${quoted}) and nspowner <> '${ACCOUNT}'::regrole
    union all
    select format('%s %s', case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, c.oid::regclass)
      from pg_class c where relnamespace::regnamespace::text in (${quoted}) and relkind in ('r', 'p', 'S', 'v', 'm')
        and relowner <> '${ACCOUNT}'::regrole
        and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
          and relkind = 'S')
    union all
    select format('routine %s', oid::regprocedure) from pg_proc
      where pronamespace::regnamespace::text in (${quoted}) and proowner <> '${ACCOUNT}'::regrole
    union all
    select format('type %s', t.oid::regtype) from pg_type t
      where typnamespace::regnamespace::text in (${quoted}) and typtype in ('e', 'd') and typowner <> '${ACCOUNT}'::regrole
  loop
    execute format('alter %s owner to ${ACCOUNT}', what);
  end loop;
end $$`;

async function make(maker: pg.Client, password: string): Promise<void> {
  // The server's log tells statements that fail.
  await maker.query("set local log_min_error_statement = 'panic'");
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
  await maker.query(`create role ${ACCOUNT} ${rights} password ${pg.escapeLiteral(password)}`);
  await maker.query(`grant connect, create, temporary on database postgres to ${ACCOUNT}`);
}

/**
 * Sees to it that the account is there and owns what is the host's.
 * @param connection of the server's maker.
 * @returns how to connect as the account. Holds the password.
 */
export async function accountOf(connection: pg.ClientConfig): Promise<pg.ClientConfig> {
  const maker = new pg.Client({ ...connection, application_name: 'connector-host account' });
  maker.on('error', () => undefined);
  await maker.connect();
  try {
    await maker.query('begin');
    await maker.query('select pg_advisory_xact_lock($1)', [BRINGING_OVER]);
    const { rowCount } = await maker.query('select from pg_roles where rolname = $1', [ACCOUNT]);
    // Written once: a start needs no room on a full disk.
    if (rowCount === 0) await make(maker, String(connection.password));
    await maker.query(bringOver);
    await maker.query('commit');
  } finally {
    await maker.end().catch(() => undefined);
  }
  return { ...connection, user: ACCOUNT };
}
