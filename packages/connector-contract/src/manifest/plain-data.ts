import { at, type ManifestIssue } from './issue.js';

/** More than any honest manifest needs; little enough that checking one can never hold a host up. */
const MOST_VALUES = 10_000;
const MOST_CHARACTERS = 500_000;
const MOST_DEPTH = 12;

/** The answer of {@link copyPlainData}. */
export type PlainData = { readonly copy: unknown } | { readonly issue: ManifestIssue };

class Unfit extends Error {
  constructor(readonly issue: ManifestIssue) {
    super(issue.message);
  }
}

/**
 * Copies a value that must be JSON-like and of bounded size. Whoever works on the copy is safe from getters, proxies, circles,
 * inherited keys and from a manifest that changes while it is being read. Never throws.
 */
export function copyPlainData(value: unknown): PlainData {
  try {
    return { copy: copyNode(value, [], { values: 0, characters: 0 }) };
  } catch (caught) {
    if (caught instanceof Unfit) return { issue: caught.issue };
    return {
      issue: { path: '', message: 'The manifest cannot be read as data.', remedy: 'Write the manifest as plain JSON.' },
    };
  }
}

interface Size {
  values: number;
  characters: number;
}

function copyNode(value: unknown, path: readonly (string | number)[], size: Size): unknown {
  size.values += 1;
  if (typeof value === 'string') size.characters += value.length;
  if (size.values > MOST_VALUES || size.characters > MOST_CHARACTERS) {
    throw unfit(
      [],
      'The manifest is too large.',
      `Keep it below ${MOST_VALUES} values and ${MOST_CHARACTERS} characters.`,
    );
  }
  if (path.length > MOST_DEPTH)
    throw unfit(path.slice(0, 4), 'This is nested too deeply.', 'Follow the manifest schema.');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return copyArray(value, path, size);
  if (typeof value === 'object') return copyObject(value, path, size);
  throw unfit(path, `This is a ${typeof value}, which JSON cannot hold.`, 'Write the manifest as plain JSON.');
}

function copyArray(value: readonly unknown[], path: readonly (string | number)[], size: Size): unknown[] {
  const copy: unknown[] = [];
  // By index and not by iterator: an array can bring an iterator of its own that never ends.
  for (let index = 0; index < value.length; index += 1) copy.push(copyNode(value[index], [...path, index], size));
  return copy;
}

function copyObject(value: object, path: readonly (string | number)[], size: Size): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw unfit(path, 'This is not a plain object.', 'Write the manifest as plain JSON.');
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    size.characters += key.length;
    if (key === '__proto__') throw unfit(path, 'The key `__proto__` is not allowed.', 'Remove it.');
    const inner = (value as Record<string, unknown>)[key];
    // An undefined value is an absent key, as in JSON.stringify.
    if (inner !== undefined) copy[key] = copyNode(inner, [...path, key], size);
  }
  return copy;
}

function unfit(path: readonly (string | number)[], message: string, remedy: string): Unfit {
  return new Unfit({ path: at(...path), message, remedy });
}
