import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
