/** The host of one round: its processes, its database, and what can befall them. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readPostmaster } from '../../src/store/embedded/postmaster.js';
import { Pooler } from '../pooler.js';
import { SmallDisk } from '../small-disk.js';
import type { Chance } from './chance.js';
import { faketime, SettableClock } from './faketime.js';
import { Member } from './member.js';
import type { PostgresServer } from './postgres-server.js';
import type { LogEntry, Program } from './running-process.js';
import { TOKEN } from './sender.js';
import { TcpProxy } from './tcp-proxy.js';

const run = promisify(execFile);
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a house is built of. */
export interface Ground {
  readonly folder: string;
  readonly chance: Chance;
  /** Whether what every process needs is taken away just now, or was a moment ago. */
  readonly strained: () => boolean;
  /** Origin of the vendor. */
  readonly vendor: string;
  /** Options and environment beyond the usual. */
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLog: (entry: LogEntry) => void;
}

/** What of a house can be hit, beside its processes. */
export interface WeakPoints {
  /** Where a database of the host's own lives. */
  readonly cluster?: string;
  /** That its data folder is on. */
  readonly disk?: SmallDisk | undefined;
  /** Stands between the last worker and the database. */
  readonly proxy?: TcpProxy;
  /** Of the second worker, with its connectors. */
  readonly clock?: SettableClock | undefined;
  /** Between all of them and the database. */
  readonly pooler?: Pooler | undefined;
  /** Lets the database take no writes. */
  readonly setReadOnly?: (readOnly: boolean) => Promise<void>;
}

/** The processes of a round. */
export class House {
  private constructor(
    readonly serving: Member,
    readonly workers: readonly Member[],
    /** What can befall it. */
    readonly weak: WeakPoints,
    private readonly after: () => Promise<void>,
  ) {}

  /** A host with the database it starts itself; beside it a worker that shares that database, or none. */
  static async embedded(ground: Ground, withWorker: boolean): Promise<House> {
    const data = join(ground.folder, 'data');
    await mkdir(data);
    const disk = SmallDisk.mount(data);
    const member = recruiter(ground, {});
    const workers = withWorker ? [member('worker', 'worker')] : [];
    const weak = { cluster: join(data, 'database', 'cluster'), disk };
    return new House(member('serve', 'serve'), workers, weak, async () => disk?.remove());
  }

  /**
   * A host and three workers on an operator's server; between the third worker and the server stands a network that can be cut, and the
   * clock of the second can be set.
   * @param pooled puts PgBouncer in front of the server.
   */
  static async onServer(ground: Ground, server: PostgresServer, pooled: boolean): Promise<House> {
    const database = await server.makeDatabase();
    const to = { host: '127.0.0.1', port: server.port, user: database };
    const pooler = pooled ? await Pooler.start(ground.folder, 'session', database, to) : undefined;
    const port = pooler?.port ?? server.port;
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port });
    const clock = faketime === undefined ? undefined : await SettableClock.make(ground.folder, 'worker-2', '+0');
    // Machines of their own share no data folder: the master key comes from the environment.
    const key = { CONNECTOR_HOST_MASTER_KEY: randomBytes(32).toString('base64') };
    const direct = { ...key, CONNECTOR_HOST_DATABASE_URL: server.url(database, port) };
    const member = (does: 'serve' | 'worker', name: string, more: Readonly<Record<string, string>> = {}) =>
      recruiter(ground, { ...direct, ...more })(does, name);
    const workers = [
      member('worker', 'worker-1'),
      member('worker', 'worker-2', clock?.environment),
      member('worker', 'worker-3', { CONNECTOR_HOST_DATABASE_URL: server.url(database, proxy.port) }),
    ];
    const setReadOnly = (readOnly: boolean) => server.setReadOnly(database, readOnly);
    return new House(member('serve', 'serve'), workers, { proxy, clock, pooler, setReadOnly }, async () => {
      await proxy.stop();
      await pooler?.stop();
      await server.dropDatabase(database);
    });
  }

  get members(): readonly Member[] {
    return [this.serving, ...this.workers];
  }

  /** `kill -9` of every process, the database's own included. Answers whether there was a database to kill. */
  async killAll(): Promise<boolean> {
    const database = this.killDatabase();
    await Promise.all(this.members.map((member) => member.kill()));
    return database;
  }

  /** Lets every process end in order. Answers what went wrong. */
  async stop(): Promise<string[]> {
    const wrong: string[] = [];
    // One after the other: the last one stops the database.
    for (const member of [...this.workers, this.serving]) {
      const code = await member.stop();
      // Ended by the signal itself, it was just being started again after a kill, and had nothing open.
      if (code !== 0 && code !== 'SIGTERM') wrong.push(`${member.name} did not end in order: ${code}`);
    }
    if (await this.killDatabase()) wrong.push('the database ran on after the last process had ended in order');
    await this.after();
    return wrong;
  }

  /** Ends everything at once, as well as that can be done. */
  async abandon(): Promise<void> {
    await Promise.all(this.members.map((member) => member.abandon()));
    await this.killDatabase();
    await this.after().catch(() => undefined);
  }

  /** `kill -9` of the database that the host started, alone. Answers whether there was one. */
  async killDatabase(): Promise<boolean> {
    const { cluster } = this.weak;
    if (cluster === undefined) return false;
    const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
    const postmaster = readPostmaster(text);
    if (postmaster === undefined) return false;
    const family = await serverProcesses(postmaster.pid);
    return family.map(killed).some(Boolean);
  }
}

/** Makes processes of the host that are alike but for what they do. */
function recruiter(ground: Ground, environment: Readonly<Record<string, string>>) {
  return (does: 'serve' | 'worker', name: string): Member =>
    new Member(hostProgram(ground, does, name, environment), () => ground.chance.whole(0, 800), ground.strained);
}

/** A process of the host with quick settings, whose connectors are those that are installed in its folder. */
export function hostProgram(
  { folder, vendor, onLog, options = [], environment: always = {} }: Omit<Ground, 'chance' | 'strained'>,
  does: 'serve' | 'worker',
  name: string,
  environment: Readonly<Record<string, string>>,
): Program {
  return {
    name,
    file: command,
    args: [
      ...[does, '--data-dir', join(folder, 'data'), '--root', folder, '--allow-endpoint', vendor],
      ...['--plan-window', '300', '--poll-interval', '2000', '--log-level', 'info'],
      ...(does === 'serve' ? ['--port', '0'] : []),
      ...options,
    ],
    environment: { CONNECTOR_HOST_ADMIN_TOKEN: TOKEN, ...always, ...environment },
    logFile: join(folder, `${name}.log`),
    onLog,
  };
}

/** The postmaster and its children; nobody where the pid file is a dead server's and the number has gone to another program. */
async function serverProcesses(postmaster: number): Promise<number[]> {
  // Connectors' processes have very long command lines.
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  const rows = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line));
  const all = rows.flatMap((row) =>
    row === null ? [] : [{ pid: Number(row[1]), parent: Number(row[2]), args: row[3] }],
  );
  const isServer = all.some(({ pid, args }) => pid === postmaster && /postgres\S* -D cluster/.test(args ?? ''));
  if (!isServer) return [];
  return all.flatMap(({ pid, parent }) => (pid === postmaster || parent === postmaster ? [pid] : []));
}

function killed(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
