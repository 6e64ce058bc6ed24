import 'reflect-metadata';
import { existsSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Container } from 'inversify';
import { bindConnector, importLimitOf, importModule, Refusal, reasonOf, rehearse } from '../../loading/index.js';
import type { ConnectorManifest } from '../../manifest/index.js';
import { UP } from '../child-probe.js';
import { hostIn } from '../reach.js';

/** The way every client takes in the end. */
const sockets = Socket.prototype as unknown as { connect(this: Socket, ...args: unknown[]): Socket };

const LOOK_MS = 100;

/** Longer than anybody waits. */
const NEVER_MS = 60 * 60_000;

/** Whether it was imported and bound. */
let loaded = false;

/** The place that was tried first since it was last asked for. */
let tried: string | undefined;

/**
 * What the child does: loads a connector, rehearses it, and reports why a host would not use it. Says that it has come further before the
 * connector is imported, and once it is bound.
 * @param entry URL of the module, or the code of the error by which Node did not find one.
 * @param leastMs what import and binding may take in any case.
 */
export async function load(
  entry: string | { readonly code?: string },
  manifest: ConnectorManifest,
  leastMs: number,
): Promise<never> {
  // A script that is given on the command line has these, and a module that uses them would seem to work.
  for (const name of ['module', 'require', 'exports', '__filename', '__dirname'])
    Reflect.deleteProperty(globalThis, name);
  shutNetwork();
  writeSync(1, UP);
  const problem = await Promise.race([
    loadAndRehearse(entry, manifest),
    overdue(importLimitOf(leastMs, performance.now())),
  ]).then(
    () => ({}),
    (error: unknown) => {
      const { code, reason } = error instanceof Refusal ? error : new Refusal('IMPORT_FAILED', reasonOf(error));
      return { code, reason };
    },
  );
  writeSync(1, `\nREPORT${JSON.stringify(problem)}\n`);
  process.exit(0);
}

async function loadAndRehearse(entry: string | { readonly code?: string }, manifest: ConnectorManifest): Promise<void> {
  const { module: subpath } = manifest.entry;
  if (typeof entry !== 'string') {
    throw new Refusal('ENTRY_NOT_EXPORTED', `The package does not export ${subpath}, which entry.module names.`);
  }
  const file = fileURLToPath(entry);
  if (!existsSync(file))
    throw new Refusal('ENTRY_MISSING', `The entry ${subpath} leads to ${file}, which does not exist.`);
  const module = await importModule(new URL(entry), manifest, NEVER_MS);
  const { parts } = await bindConnector(new Container(), module, manifest, NEVER_MS);
  loaded = true;
  writeSync(1, UP);
  await rehearse(parts, manifest, async (call) => {
    tried = undefined;
    await call();
    return tried;
  });
}

/**
 * Ends where import and binding take too long. Counted in looks, not in time: on a busy machine a process that works has not looked.
 * @throws Refusal IMPORT_TIMEOUT
 */
function overdue(timeoutMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (loaded) clearInterval(timer);
      else if (looks * LOOK_MS >= timeoutMs) {
        reject(
          new Refusal('IMPORT_TIMEOUT', `Importing the connector did not end within ${Math.round(timeoutMs)} ms.`),
        );
      }
    }, LOOK_MS);
  });
}

/** Nothing is reached from here; what was tried is noted. */
function shutNetwork(): void {
  sockets.connect = function (...args) {
    tried ??= hostIn(args);
    process.nextTick(() => this.destroy(new Error('Nothing is reached in a rehearsal.')));
    return this;
  };
}
