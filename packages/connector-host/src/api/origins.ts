/**
 * Whether a browser's call may come from where it says. A page of a foreign site can send requests here; its browser tells of it in
 * `Origin` and `Sec-Fetch-Site`, which no page can change. Programs send neither.
 * @param origin the `Origin` header: absent where a page of this host reads something, or for programs.
 * @param host the `Host` header, which has been found to name this host.
 * @param site the `Sec-Fetch-Site` header.
 */
export function originAllowed(origin: string | undefined, host: string | undefined, site: string | undefined): boolean {
  if (origin !== undefined && !sameHost(origin, host)) return false;
  return site !== 'cross-site' && site !== 'same-site';
}

/** A port that goes without saying may be said: `name:443` is `name` for a page of `https://name`. */
function sameHost(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  const here = `${from.protocol}//${host}`;
  return URL.canParse(here) && new URL(here).host === from.host;
}
