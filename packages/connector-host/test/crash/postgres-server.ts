/** A PostgreSQL server as an operator runs one: not the host's, reached by a URL. Made in a folder of its own, with fsync on. */
import { execFile, spawnSync } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findBinaries } from '../../src/store/embedded/binaries.js';
import { findRunAs, type RunAs } from '../../src/store/embedded/run-as.js';
import { freePort } from '../pooler.js';

const run = promisify(execFile);

/** Oldest version the host works with. */
const OLDEST = 15;

/** Where a PostgreSQL's programs are. */
export interface Installation {
  /** Such as `PostgreSQL 15 (/usr/lib/postgresql/15/bin)`. */
  readonly name: string;
  readonly folder: string;
}

/** The PostgreSQL that npm brought. */
export async function broughtAlong(): Promise<Installation> {
  const { folder, major } = await findBinaries(await findRunAs(), tmpdir());
  return { name: `PostgreSQL ${major} (brought along)`, folder };
}

/** The PostgreSQL installed on this machine, version 15 or later: what Debian keeps, or what `pg_config` names. */
export async function installed(): Promise<Installation | undefined> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  const named = await run('pg_config', ['--bindir']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(named === undefined ? [] : [named])];
  const found: { major: number; folder: string }[] = [];
  for (const folder of folders) {
    const said = await run(join(folder, 'postgres'), ['--version']).then(
      ({ stdout }) => stdout,
      () => '',
    );
    const major = Number(/\) (\d+)/.exec(said)?.[1] ?? 0);
    if (major >= OLDEST) found.push({ major, folder });
  }
  // The oldest that will do: the newest is tried anyway, it is the one brought along.
  const [oldest] = found.sort((a, b) => a.major - b.major);
  return oldest && { name: `PostgreSQL ${oldest.major} (${oldest.folder})`, folder: oldest.folder };
}

/** A running server. */
export class PostgresServer {
  private made = 0;
  private stopped = false;

  private constructor(
    readonly installation: Installation,
    readonly port: number,
    private readonly place: string,
    private readonly as: RunAs,
  ) {}

  static async start(installation: Installation): Promise<PostgresServer> {
    const as = await findRunAs();
    const place = await mkdtemp(join(tmpdir(), 'connector-host-server-'));
    if (as.uid !== undefined && as.gid !== undefined) await chown(place, as.uid, as.gid);
    const server = new PostgresServer(installation, await freePort(), place, as);
    await server.program('initdb', [
      '--pgdata=data',
      '--username=operator',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
    ]);
    const flags = `-c port=${server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=900`;
    process.on('exit', () => server.stopAtOnce());
    await server.program('pg_ctl', ['start', '-w', '-s', '-D', 'data', '-l', 'server.log', '-o', flags]);
    return server;
  }

  /** Makes an empty database with an account of the same name, and answers it. */
  async makeDatabase(): Promise<string> {
    this.made += 1;
    const name = `round_${this.made}`;
    await this.ask(`create role ${name} superuser login`);
    await this.ask(`create database ${name} owner ${name}`);
    return name;
  }

  async dropDatabase(name: string): Promise<void> {
    await this.ask(`drop database ${name} with (force)`);
    await this.ask(`drop role ${name}`);
  }

  /** Lets a database take no writes, as an old primary after a failover, or take them again. Sessions of before are ended. */
  async setReadOnly(name: string, readOnly: boolean): Promise<void> {
    await this.ask(`alter role ${name} set default_transaction_read_only = ${readOnly ? 'on' : 'off'}`);
    // Sessions that only read are for the host to let go of.
    if (readOnly) await this.ask(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}'`);
  }

  /** @param port of a proxy in front of it; absent for the server's own. */
  url(database: string, port = this.port): string {
    const account = database === 'postgres' ? 'operator' : database;
    return `postgresql://${account}@127.0.0.1:${port}/${database}`;
  }

  async stop(): Promise<void> {
    this.stopAtOnce();
    this.stopped = true;
    await rm(this.place, { recursive: true, force: true });
  }

  /** For the end of this process, whatever ends it. */
  private stopAtOnce(): void {
    if (this.stopped) return;
    const flags = ['stop', '-s', '-m', 'immediate', '-D', 'data'];
    spawnSync(join(this.installation.folder, 'pg_ctl'), flags, { cwd: this.place, ...this.as });
  }

  private async ask(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    await client.query(text).finally(() => client.end());
  }

  private async program(name: string, args: readonly string[]): Promise<void> {
    const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
    await run(join(this.installation.folder, name), args, { cwd: this.place, env: environment, ...this.as });
  }
}
