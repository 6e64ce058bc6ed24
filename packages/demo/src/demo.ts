import { fileURLToPath } from 'node:url';
import { ask, run } from './child.js';
import { closingLines, openWork } from './open-work.js';
import type { SegmentAccount } from './segment-account.js';
import { tokenVariable } from './segment-account.js';
import { hostCommand } from './servers.js';

const exampleFile = fileURLToPath(new URL('../../../examples/subjects.csv', import.meta.url));

/** Exit code of `connector-host` where it ran and something ended in error: bad lines, people not erased. The demo brings both on purpose. */
const incomplete = 5;

/**
 * Runs the whole job with the commands a person would type, each shown before it runs.
 * @param environment of the commands: says where the host is, and holds the tokens.
 * @param keptIn folder of the data; undefined where it is removed at the end.
 * @returns the exit code of the demo: 0 where each step did what it should.
 */
export async function runDemo(
  account: SegmentAccount,
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
  keptIn: string | undefined,
): Promise<number> {
  const env = { ...environment, ...account.environment };
  const step = async (title: string, args: readonly string[], accepts: readonly number[] = [0]): Promise<void> => {
    heading(title);
    console.log(`$ connector-host ${args.map(shown).join(' ')}`);
    const code = await run(hostCommand, args, env);
    if (!accepts.includes(code)) throw new Error(`"connector-host ${args[0]}" ended with code ${code}.`);
  };

  await step('Which connectors are installed', ['connectors']);
  const fields = account.fields.flatMap((field) => ['--set', field]);
  const connected = async (): Promise<string | undefined> => {
    const { items } = await ask<{ items: readonly { id: string }[] }>(hostCommand, ['connections'], env);
    return items[0]?.id;
  };
  // A data folder that was given may hold the connection of an earlier demo.
  if ((await connected()) === undefined)
    await step('Connect: every permission is checked first', [
      'connect',
      'segment-config',
      '--name',
      'Demo',
      ...fields,
      '--secret-env',
      `apiToken=${tokenVariable}`,
    ]);
  const connection = await connected();
  if (connection === undefined) throw new Error('The connection was made but is not listed.');

  await step('Detect the systems, and what a deletion does to each', ['detect', connection]);
  const subjects = file ?? (account.real ? undefined : exampleFile);
  if (subjects === undefined) {
    heading('No file was named with --file, so nobody is erased from the real Segment.');
  } else {
    await step(
      'Hand in the requests: bad lines are named, good ones are kept',
      ['import', subjects, '--yes'],
      [0, incomplete],
    );
    await step('Follow until all are concluded', ['status', '--follow', '--limit', '0'], [0, incomplete]);
    for (const state of ['left_over', 'complete_with_exceptions', 'complete', 'waiting_for_person', 'error'])
      await explain(state, step, env);
  }
  const work = await openWork(env);
  const first = work.find(({ kind }) => kind === 'erase-elsewhere') ?? work[0];
  if (first === undefined) return 0;
  await step('One piece of the work that only people can do', ['work', 'show', String(first.id)]);
  heading('What is left to do');
  for (const line of closingLines(work, keptIn)) console.log(line);
  return 0;
}

async function explain(
  state: string,
  step: (title: string, args: readonly string[], accepts?: readonly number[]) => Promise<void>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const page = await ask<{ items: readonly { requestId: string }[] }>(
    hostCommand,
    ['status', '--state', state, '--limit', '1'],
    env,
  );
  const requestId = page.items[0]?.requestId;
  if (requestId !== undefined)
    await step(`One person whose request is "${state}"`, ['status', requestId], [0, incomplete]);
}

function heading(text: string): void {
  console.log(`\n== ${text}`);
}

function shown(arg: string): string {
  return /[\s"']/.test(arg) ? `'${arg}'` : arg;
}
