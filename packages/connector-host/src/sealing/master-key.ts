/**
 * Where the master key comes from: a command (for a KMS), the environment, or the file `master.key` of mode 0600 under the
 * data directory. The master key only wraps data keys; it never touches data.
 */
import { createHmac } from 'node:crypto';
import { run } from '../child.js';
import type { DataKey } from './seal.js';
import { SealingError } from './sealing-error.js';

/** How an operator hands over the master key; the first that is given counts, else the file under `dataDir`. */
export interface MasterKeyOptions {
  readonly dataDir: string;
  /** 32 bytes as base64 or hexadecimal: CONNECTOR_HOST_MASTER_KEY. */
  readonly masterKey?: string;
  /** A shell command that prints the key: CONNECTOR_HOST_MASTER_KEY_COMMAND. It has 30 seconds. */
  readonly masterKeyCommand?: string;
}

/** Where a master key came from. */
export type MasterKeySource = 'command' | 'environment' | 'file';

/** The key that wraps the data keys. */
export interface MasterKey {
  /** Tells master keys apart without showing anything of them: 16 hexadecimal digits. */
  readonly id: string;
  readonly key: Buffer;
  readonly source: MasterKeySource;
}

const commandTimeoutMs = 30_000;

/** Reads base64 or hexadecimal text of 32 bytes. Throws `MASTER_KEY_UNREADABLE`, without the text. */
export function parseMasterKey(text: string, source: MasterKeySource): MasterKey {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined;
  if (key?.length !== 32) {
    throw new SealingError('MASTER_KEY_UNREADABLE', `The master key from the ${source} is not a key of 32 bytes.`);
  }
  return masterKeyOf(key, source);
}

/** A master key from 32 random bytes. */
export function masterKeyOf(key: Buffer, source: MasterKeySource): MasterKey {
  const id = createHmac('sha256', key).update('connector-host master key id').digest('hex').slice(0, 16);
  return { id, key, source };
}

/** The master key that command or environment give, or `undefined` where the file is to be used. */
export async function givenMasterKey(options: MasterKeyOptions): Promise<MasterKey | undefined> {
  if (options.masterKeyCommand !== undefined && options.masterKeyCommand !== '') {
    return parseMasterKey(await runKeyCommand(options.masterKeyCommand), 'command');
  }
  if (options.masterKey !== undefined && options.masterKey !== '') {
    return parseMasterKey(options.masterKey, 'environment');
  }
  return undefined;
}

/** A master key in the shape that wraps data keys. */
export function wrappingKey(master: MasterKey): DataKey {
  return { id: master.id, purpose: 'master', key: master.key };
}

/** The command's environment: whatever its KMS needs is in it, and none of the host's own settings. */
function withoutOwnSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('CONNECTOR_HOST_')));
}

async function runKeyCommand(command: string): Promise<string> {
  try {
    const { stdout } = await run('/bin/sh', ['-c', command], {
      timeout: commandTimeoutMs,
      maxBuffer: 64 * 1024,
      env: withoutOwnSecrets(process.env),
    });
    return stdout;
  } catch (error) {
    // Neither the command nor its output is shown: either may hold the key.
    const { code } = error as { code?: unknown };
    const how = code === 'SIGTERM' ? 'did not end in 30 seconds' : `ended with ${String(code)}`;
    throw new SealingError('MASTER_KEY_COMMAND_FAILED', `The command for the master key ${how}.`);
  }
}
