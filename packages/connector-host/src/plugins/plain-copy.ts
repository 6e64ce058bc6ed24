import { faultData, isConnectorFault } from 'connector-contract';

/** Thrown where an answer of a plugin is not plain data. */
export class NotPlainData extends Error {}

const deepest = 32;

/**
 * Copies what a plugin answered, as a structured clone would, into objects that the plugin has no hand in: later changes, getters
 * and prototypes stay behind. A fault comes out as its plain form, which a structured clone would have lost.
 * @throws NotPlainData for functions, symbols, dates that are none, circles and nesting beyond 32 levels; the message names the path, never a value.
 */
export function plainCopy(value: unknown): unknown {
  return copied(value, storable, 'answer', 0);
}

/** The same copy with its texts byte for byte, for the way from one process to another. */
export function cloneable(value: unknown): unknown {
  return copied(value, asItIs, 'answer', 0);
}

function copied(value: unknown, text: (text: string) => string, path: string, depth: number): unknown {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value !== 'object') throw new NotPlainData(`${path} is a ${typeof value}`);
  if (depth > deepest) throw new NotPlainData(`${path.slice(0, 100)} is nested too deeply or goes in a circle`);
  if (value instanceof Date) return instant(value, path);
  if (Array.isArray(value)) return value.map((item, index) => copied(item, text, `${path}[${index}]`, depth + 1));
  const source = isConnectorFault(value) ? faultData(value) : value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(source)) {
    if (item === undefined || key === '__proto__') continue;
    copy[key] = copied(item, text, `${path}.${key}`, depth + 1);
  }
  return copy;
}

function instant(value: Date, path: string): string {
  try {
    return Date.prototype.toISOString.call(value);
  } catch {
    throw new NotPlainData(`${path} is no valid date`);
  }
}

function asItIs(text: string): string {
  return text;
}

// Halves of surrogate pairs and NUL are no text that a database takes; from a vendor's free text they are no loss.
function storable(text: string): string {
  const sound = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return /[\ud800-\udfff]/.test(sound) ? Buffer.from(sound, 'utf8').toString('utf8') : sound;
}
