import type { Findings } from './try-out.js';

/** What a try-out found, as lines to read. */
export function reportOf({ steps, verdicts, differences }: Findings): string {
  const count = (wanted: string): number => verdicts.filter(({ verdict }) => verdict === wanted).length;
  return [
    'The plugin’s calls',
    ...steps.map(({ call, ended }) => `  ${call}: ${ended}`),
    '',
    `What is taken for granted: ${count('confirmed')} confirmed, ${count('refuted')} refuted, ${count('not seen')} not seen`,
    ...verdicts.map(({ id, says, verdict }) => `  ${verdict.padEnd(9)}  ${id}: ${says}`),
    '',
    differences.length === 0
      ? 'The sandbox would have answered in the same form.'
      : 'Where the sandbox would have answered differently',
    ...differences.map(({ route, says }) => `  ${route}: ${says}`),
    '',
  ].join('\n');
}
