import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probe } from './child-probe.js';
import { copyPackage } from './package-copy.js';

/** Runs in the child: loads the module into a container of the host's own inversify, uses every part, unloads it again. */
const script = `
import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { Container } from 'inversify';
const [entry, name] = process.argv.slice(2);
const services = ['Connector', 'DeletionCapability', 'SystemDetectionCapability'].map((part) => Symbol.for('connector-contract/' + part));
try {
  const module = (await import(entry))[name];
  const container = new Container({ parent: new Container() });
  await container.loadAsync(module);
  const parts = services.filter((service) => container.isBound(service)).map((service) => container.get(service));
  const { valid } = parts[0].validate({});
  if (typeof valid !== 'boolean') throw new Error('validate answers without "valid"');
  await container.unloadAsync(module);
  writeSync(1, '\\nREPORTok\\n');
} catch (error) {
  writeSync(1, '\\nREPORT' + String(error?.message ?? error).replaceAll('\\n', ' ').slice(0, 500) + '\\n');
}
`;

/**
 * Loads a built module in a host that has copies of inversify and reflect-metadata of its own, in a process of its own.
 * @returns `ok`, or what went wrong.
 */
export async function loadInStrangerHost(entry: string, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'connector-contract-'));
  try {
    const here = dirname(fileURLToPath(import.meta.url));
    const done = new Set<string>();
    for (const one of ['inversify', 'reflect-metadata']) await copyPackage(one, here, folder, done);
    await writeFile(join(folder, 'host.mjs'), script);
    const { report, printed } = await probe([join(folder, 'host.mjs'), entry, name]);
    return report === '' ? `the process ended without a word: ${printed.slice(0, 500)}` : report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
