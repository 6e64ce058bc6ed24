/** One thing that is wrong with a manifest. */
export interface ManifestIssue {
  /** Where: `config.fields[2].key`; `''` is the manifest itself. */
  readonly path: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What the connector's author can do about it. */
  readonly remedy: string;
}

/** Joins path parts the way JavaScript would write them: `at('config', 'fields', 2)` is `config.fields[2]`. */
export function at(...parts: readonly (string | number)[]): string {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(part)) path += path === '' ? part : `.${part}`;
    else path += `[${JSON.stringify(shortened(part))}]`;
  }
  return path;
}

/** Text that came from a manifest, cut to a length that fits a message. */
export function shortened(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length)}...`;
}

/** The same issue, seen from further out: its path is within `place`. */
export function within(place: string, issue: ManifestIssue): ManifestIssue {
  return { ...issue, path: `${place}.${issue.path}` };
}
