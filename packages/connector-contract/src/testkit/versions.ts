import { contractFeatures } from '../features.js';
import { CONTRACT_VERSION } from '../version.js';

const BEGIN = '<!-- Made by npm run generate. -->';
const END = '<!-- End of what was made. -->';

/**
 * A page about versions, with the table of features as it is now. Columns of hosts that were released before stay as they are; the last
 * column is this version's, which offers all there are.
 * @param page as it stands.
 * @throws Error where the marks around the table are missing.
 */
export function versionsPage(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const [table, after] = rest?.split(END) ?? [];
  if (before === undefined || table === undefined || after === undefined) {
    throw new Error(`The page has no table between ${BEGIN} and ${END}.`);
  }
  return `${before}${BEGIN}\n\n${tableAfter(table)}\n\n${END}${after}`;
}

function tableAfter(old: string): string {
  const rows = old
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const released = (rows[0] ?? []).slice(1, -1).filter((host) => host !== hostName(CONTRACT_VERSION));
  const cellOf = (feature: string, host: string): string => {
    const column = rows[0]?.indexOf(host) ?? -1;
    return rows.find(([name]) => name === `\`${feature}\``)?.[column] ?? '';
  };
  const head = ['feature', ...released, hostName(CONTRACT_VERSION), 'what a connector relies on'];
  const body = Object.entries(contractFeatures).map(([feature, relies]) => [
    `\`${feature}\``,
    ...released.map((host) => cellOf(feature, host)),
    'yes',
    relies,
  ]);
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function hostName(version: string): string {
  return `host ${version}`;
}
