import { ask } from './child.js';
import { hostCommand } from './servers.js';

/** Work for people, as far as it is told here. */
export interface OpenWork {
  readonly id: number;
  readonly kind: string;
  readonly text: string;
}

/** The work that is open in a running host, what is due first on top. */
export async function openWork(environment: NodeJS.ProcessEnv): Promise<readonly OpenWork[]> {
  return (await ask<{ items: readonly OpenWork[] }>(hostCommand, ['work', 'list'], environment)).items;
}

/** `30 pieces of work: 22 decide-system, 8 erase-elsewhere`. */
export function workSentence(items: readonly OpenWork[]): string {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => `${items.filter((one) => one.kind === kind).length} ${kind}`);
  return `${items.length === 1 ? '1 piece' : `${items.length} pieces`} of work: ${counts.join(', ')}`;
}

/** The closing lines of the demo: the work that is open, and where to do it. */
export function closingLines(items: readonly OpenWork[], keptIn: string | undefined): readonly string[] {
  const open = `Only people can do what is left, ${workSentence(items)}.`;
  const how = 'Decide with "connector-host systems treat"; assign and close with "connector-host work".';
  if (keptIn !== undefined) {
    return [open, how, `Or in the console, under Work: npm start -- --data-dir ${keptIn}`];
  }
  return [
    open,
    how,
    'Or in the console, under Work. The data of this demo goes with it; to keep and go on with it:',
    '  npm start -- --demo --data-dir demo-data',
    '  npm start -- --data-dir demo-data',
  ];
}
