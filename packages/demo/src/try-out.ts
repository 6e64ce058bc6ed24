import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSandbox, type SandboxPlace } from './ports.js';

/** What a start needs to know of the one before. */
export interface TryOut {
  /** The super-admin's token of this data folder. */
  readonly token: string;
  /** Port at which connections expect the local Segment. */
  readonly sandboxPort: number;
}

/** The folder of the host's data, where a start also keeps what the next one goes on with. Its owner alone may read it. */
export class TryOutFolder {
  readonly file: string;
  /** What the local Segment knows. */
  readonly sandboxState: string;

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, 'try-out.json');
    this.sandboxState = join(folder, 'sandbox.state');
  }

  /** What the last start left; at the first one a new token and the usual port. */
  read(): TryOut {
    const fresh = { token: randomBytes(24).toString('base64url'), sandboxPort: 4700 };
    try {
      return { ...fresh, ...(JSON.parse(readFileSync(this.file, 'utf8')) as Partial<TryOut>) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fresh;
      throw new Error(`${this.file} cannot be read. Remove it; the next start makes another, with a new access token.`);
    }
  }

  write(tryOut: TryOut): void {
    writeFileSync(this.file, `${JSON.stringify(tryOut)}\n`, { mode: 0o600 });
  }
}

/** What a start begins with. */
export interface Beginning {
  readonly folder: TryOutFolder;
  readonly last: TryOut;
  /** The local Segment was started with this folder before, or the folder is new and holds no connection. */
  readonly wantsSandbox: boolean;
  readonly sandbox: SandboxPlace;
  /** The token comes from the environment, and is not to be shown. */
  readonly givenToken: boolean;
  readonly token: string;
  /** Of the host: with the token. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Opens the folder of the data and looks for the local Segment that belongs to it. */
export async function openTryOut(dataDir: string, sandboxPort: number | undefined): Promise<Beginning> {
  const folder = new TryOutFolder(dataDir);
  const wantsSandbox = existsSync(folder.sandboxState) || !existsSync(folder.file);
  const last = folder.read();
  folder.write(last);
  const sandbox = await findSandbox(sandboxPort ?? last.sandboxPort, folder.sandboxState);
  const given = process.env['CONNECTOR_HOST_ADMIN_TOKEN'];
  const token = given || last.token;
  const environment = { ...process.env, CONNECTOR_HOST_ADMIN_TOKEN: token };
  return { folder, last, wantsSandbox, sandbox, givenToken: Boolean(given), token, environment };
}
