import type { Workspace } from './segment.js';

/** What is copied from a web page brings no-break spaces and tabs where the page shows a space. */
function comparable(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Whether what a person entered names this workspace: by name, slug or id, whatever the case and the kind and number of spaces. */
export function namesWorkspace(entered: string, { name, slug, id }: Workspace): boolean {
  const wanted = comparable(entered);
  return [name, slug, id].some((one) => one !== undefined && comparable(one) === wanted);
}

/** Whether what was entered may be a slug, and so can be asked for by it. */
export function looksLikeSlug(entered: string): boolean {
  return /^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$/i.test(entered);
}
