/** A plain text, with everything that Markdown or HTML would act on made harmless. */
export function plain(text: string): string {
  return text
    .replace(/[\\`*[\]|]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replace(/\s+/g, ' ');
}

/** Markdown of a manifest, with raw HTML made harmless. */
export function markdown(text: string): string {
  return text.replace(/<(?!https:\/\/)/g, '&lt;').trim();
}

/** A link to a page; the address is percent-encoded where Markdown would end it. */
export function link(label: string, address: string): string {
  return `[${plain(label)}](${address.replace(/[()<>\s]/g, (character) => encodeURIComponent(character).replace('(', '%28').replace(')', '%29'))})`;
}

/** A table; cells are Markdown already. Empty where there are no rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A list; entries are Markdown already. */
export function list(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join('\n');
}
