import type { ConnectorManifest, RateLimit } from './manifest.generated.js';

/** The rates that a call counts under: the one of this name, then the one that it counts within. Empty where there is none of this name. */
export function ratesOf({ rate }: ConnectorManifest['limits'], id: string): readonly RateLimit[] {
  const own = rate.find((one) => one.id === id);
  return own === undefined ? [] : [own, ...rate.filter((one) => one.id === own.within)];
}
