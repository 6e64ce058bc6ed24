import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { probe } from './child-probe.js';

/** What importing and loading a module left behind in a process of its own. */
export interface ImportTrace {
  /** In plain words, one for each thing; empty where nothing was left. */
  readonly traces: readonly string[];
}

/** Runs in the child. Takes the entry, the export's name and the URLs of inversify and reflect-metadata; reports, then has to end by itself. */
const script = `
import { writeSync } from 'node:fs';
const [entry, name, inversify, metadata] = process.argv.slice(1);
await import(metadata);
const { Container } = await import(inversify);
const look = () => ({
  globals: Object.getOwnPropertyNames(globalThis),
  environment: JSON.stringify(process.env),
  listeners: process.eventNames().map((event) => String(event) + ' x' + process.listenerCount(event)),
  prototypes: [Object.prototype, Array.prototype, Function.prototype, Promise.prototype].flatMap((one) => Object.getOwnPropertyNames(one)),
  cwd: process.cwd(),
});
const before = look();
const module = (await import(entry))[name];
const container = new Container();
await container.loadAsync(module);
await container.unloadAsync(module);
const after = look();
const traces = [];
for (const list of ['globals', 'listeners', 'prototypes'])
  for (const one of after[list]) if (!before[list].includes(one)) traces.push(list + ': ' + one);
if (after.environment !== before.environment) traces.push('environment variables changed');
if (after.cwd !== before.cwd) traces.push('working directory changed');
writeSync(1, '\\nREPORT' + JSON.stringify(traces) + '\\n');
`;

/**
 * Imports a built module in a process of its own and loads it into a container and out again.
 * @param name of the exported container module.
 */
export async function probeImport(entry: string, name: string): Promise<ImportTrace> {
  const require = createRequire(import.meta.url);
  const [inversify, metadata] = ['inversify', 'reflect-metadata'].map(
    (one) => pathToFileURL(require.resolve(one)).href,
  );
  const args = ['--input-type=module', '-e', script, entry, name, `${inversify}`, `${metadata}`];
  const { report, printed, overdue } = await probe(args);
  return {
    traces: [
      ...(report === '' ? ['it could not be imported and loaded'] : (JSON.parse(report) as string[])),
      ...(printed === '' ? [] : [`printed: ${printed.slice(0, 500)}`]),
      ...(overdue ? ['something was left running: the process did not end by itself'] : []),
    ],
  };
}
