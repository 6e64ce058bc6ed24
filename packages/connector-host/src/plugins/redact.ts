import type { ConnectorConfig, ConnectorManifest } from 'connector-contract';

/** Blanks what must not leave a text. */
export type Redact = (text: string) => string;

const CENSOR = '[redacted]';
const longestText = 4000;
// Shorter values would blank half of an innocent sentence; the manifest's fields ask for longer secrets.
const shortest = 6;
const email = /[^\s@<>"'(),;:=]+@[^\s@<>"'(),;:=]+\.[^\s@<>"'(),;:=.]+/g;

/** The values of a configuration's secret fields. */
export function secretValues(manifest: ConnectorManifest, config: ConnectorConfig): string[] {
  return manifest.config.fields
    .filter((field) => field.kind === 'secret')
    .map((field) => config[field.key])
    .filter((value) => typeof value === 'string');
}

/**
 * Makes a function that takes secrets (as they are, in base64, in hexadecimal, in a URL), identifiers of people and whatever looks
 * like an e-mail address out of texts, and cuts texts off at 4,000 characters.
 * @param identifiers of the people whom the work is about.
 */
export function redactor(secrets: readonly string[], identifiers: Iterable<string> = []): Redact {
  const forms = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  const people = [...new Set(identifiers)].filter((value) => value.length >= shortest);
  // Longest first, so that no part of a longer one stays behind.
  const words = [...new Set([...forms, ...people])].sort((a, b) => b.length - a.length);
  return (text) => {
    let out = text;
    for (const word of words) {
      if (out.includes(word)) out = out.replaceAll(word, CENSOR);
    }
    out = out.replace(email, CENSOR);
    return out.length > longestText ? `${out.slice(0, longestText)}...` : out;
  };
}

/** Redacts every text in plain data, keys aside. */
export function redactAll<T>(value: T, redact: Redact): T {
  return mapTexts(value, redact) as T;
}

function mapTexts(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, redact)]));
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const basic = (text: string) => Buffer.from(text, 'utf8').toString('base64');
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    // HTTP Basic, as user or as password.
    basic(`${secret}:`).replace(/=+$/, ''),
    basic(`:${secret}`).replace(/=+$/, ''),
  ];
}
