// Reads the table of docs/threat-model.md: each threat with the tests that hold its protection.
import { readFileSync } from 'node:fs';

/** @returns {{threat: string, protection: string, tests: {file: string, name: string | undefined}[]}[]} */
export function threats() {
  const text = readFileSync(new URL('../docs/threat-model.md', import.meta.url), 'utf8');
  const [, table = ''] = text.split('| threat | protection | test |');
  return (table.split('\n\n')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('|---'))
    .map((line) => {
      const [threat = '', protection = '', tests = ''] = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      const named = [...tests.matchAll(/`([^`]+)`(?:: ([^;]+))?/g)].map(([, file = '', name]) => ({
        file: file.startsWith('/') ? file.slice(1) : `packages/connector-host/test/${file}`,
        name: name?.trim(),
      }));
      return { threat, protection, tests: named };
    });
}
