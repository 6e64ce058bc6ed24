import { ask, run } from './child.js';
import { tokenVariable } from './segment-account.js';
import { hostCommand, sandboxWorkspace } from './servers.js';

interface Connection {
  readonly id: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The connections of a running host; undefined where its token lets nobody in. */
export async function connectionsOf(environment: NodeJS.ProcessEnv): Promise<readonly Connection[] | undefined> {
  try {
    return (await ask<{ items: readonly Connection[] }>(hostCommand, ['connections'], environment)).items;
  } catch {
    return undefined;
  }
}

/** Whether there is no connection yet, or one that knows the local Segment by this address. */
export function needSandbox(connections: readonly Connection[], origin: string): boolean {
  return connections.length === 0 || connections.some(({ config }) => config['baseUrl'] === origin);
}

/** Tells the connections that knew the local Segment by one address the other. What fails is said on standard error. */
export async function move(
  connections: readonly Connection[],
  from: string,
  to: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  for (const { id, name } of connections.filter(({ config }) => config['baseUrl'] === from)) {
    console.log(`${from} is taken by another program; "${name}" is told ${to}.`);
    // A token only goes to another place with whoever has it at hand; of the local Segment, everybody has it.
    const change = ['change', id, '--set', `baseUrl=${to}`, '--secret-env', `apiToken=${tokenVariable}`];
    const code = await run(hostCommand, change, { ...environment, [tokenVariable]: sandboxWorkspace.token });
    if (code !== 0) console.error(`Enter ${to} as the API Base URL of "${name}" yourself.`);
  }
}
