/** PgBouncer in front of a server, as operators run it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findRunAs } from '../src/store/embedded/run-as.js';

/** A running pooler. */
export class Pooler {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly file: string,
    readonly port: number,
    /** Of the database, through it. */
    readonly url: string,
  ) {}

  /** @param to the server, and the account by which it is asked, whoever asks. */
  static async start(
    folder: string,
    mode: 'session' | 'transaction' | 'statement',
    database: string,
    to: { readonly host: string; readonly port: number; readonly user: string; readonly password?: string },
  ): Promise<Pooler> {
    const port = await freePort();
    const word = to.password === undefined ? '' : ` password=${to.password}`;
    const lines = [
      '[databases]',
      `${database} = host=${to.host} port=${to.port} dbname=${database} user=${to.user}${word}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      'default_pool_size = 100',
      'max_client_conn = 400',
    ];
    const file = join(folder, `${mode}.ini`);
    await writeFile(file, lines.join('\n'));
    await chmod(file, 0o644);
    const pooler = new Pooler(file, port, `postgresql://anybody@127.0.0.1:${port}/${database}`);
    await pooler.run();
    return pooler;
  }

  /** Starts it again after {@link stop}. */
  async run(): Promise<void> {
    const as = await findRunAs();
    const child = spawn(program(), [this.file], { stdio: ['ignore', 'ignore', 'pipe'], ...as });
    this.child = child;
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk) => {
        if (String(chunk).includes('process up')) resolve();
      });
    });
  }

  /** Kills it. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** PgBouncer; brought from the distribution where it is missing and that may be done. */
function program(): string {
  const path = '/usr/sbin/pgbouncer';
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
  } catch {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'pgbouncer'], { stdio: 'ignore' });
  }
  return path;
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
