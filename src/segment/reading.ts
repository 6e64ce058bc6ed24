import { optionalText } from 'connector-kit';

/** An enum value in the Public API's spelling, whatever its own: `Partial_Success`, `partialSuccess` and `partial success` are `PARTIAL_SUCCESS`. Unknown words pass. */
export function enumWord(value: string): string {
  return value
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s_-]+/g, '_')
    .toUpperCase();
}

/** Names (never values) of the settings that hold something: no empty text, list or object, and not `false`. */
export function filledNames(settings: Iterable<readonly [name: string, value: unknown]>): string[] {
  const filled = (value: unknown): boolean => {
    if (typeof value === 'string') return value.trim() !== '';
    if (Array.isArray(value)) return value.length > 0;
    if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
    return value !== undefined && value !== null && value !== false;
  };
  return [...settings].filter(([, value]) => filled(value)).map(([name]) => name);
}

/** An https URL, or `undefined`. */
export function httpsUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  return new URL(value).protocol === 'https:' ? value : undefined;
}

/** The domain of a website given as a URL or bare, without `www.`, or `undefined`. */
export function domainOf(website: unknown): string | undefined {
  const given = optionalText(website)?.trim();
  if (given === undefined) return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : '';
  return host.includes('.') ? host : undefined;
}
