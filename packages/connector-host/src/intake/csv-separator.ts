import { namesIn } from './csv-columns.js';
import type { Mendings } from './mendings.js';

const separators: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'vertical bar',
};

/** The cells of a header line, as far as it can be told before it is read in earnest. */
function cellsOf(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/**
 * What stands between the cells of a file: what its first line says (`sep=;`, as spreadsheets write it), or what divides its header into
 * the most names of columns.
 */
export function separatorOf(
  firstLine: string,
  kinds: ReadonlySet<string>,
  mendings: Mendings,
): { readonly delimiter: string; readonly skip?: boolean } {
  const said = /^"?sep=(.)"?[,;\t| ]*$/i.exec(firstLine)?.[1];
  if (said !== undefined) {
    mendings.once('SEPARATOR_LINE');
    return { delimiter: said, skip: true };
  }
  const found = Object.keys(separators).map((delimiter) => {
    const cells = cellsOf(firstLine, delimiter);
    return { delimiter, names: namesIn(cells, kinds), cells: cells.length };
  });
  const { delimiter } = found.reduce((best, next) =>
    next.names > best.names || (next.names === best.names && next.cells > best.cells) ? next : best,
  );
  if (delimiter !== ',') mendings.once('SEPARATOR', `It is the ${separators[delimiter]}.`);
  return { delimiter };
}
