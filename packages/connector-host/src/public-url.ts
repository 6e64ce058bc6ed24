import { HostProblem } from './problem.js';

/** Where people and programs reach a host that stands behind something else. */
export interface PublicUrl {
  /** `https://x.example`. */
  readonly origin: string;
  /** `x.example`, in lower case and without port. */
  readonly hostname: string;
  /** `/connector`, without a slash at its end; empty at the top. */
  readonly prefix: string;
}

/** At the top of whatever address it is called by. */
export const anywhere: Pick<PublicUrl, 'prefix'> = { prefix: '' };

/**
 * Reads an address such as `https://x.example/connector`.
 * @throws HostProblem `OPTION_INVALID`.
 */
export function readPublicUrl(text: string): PublicUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const prefix = url?.pathname.replace(/\/$/, '') ?? '';
  if (!plain || !/^https?:$/.test(url.protocol) || !/^(?:\/[\w.~-]+)*$/.test(prefix)) {
    throw new HostProblem('OPTION_INVALID', '--public-url is not an address of a host.', {
      remedy: 'Write it as https://x.example or https://x.example/connector, as people reach this host.',
    });
  }
  return { origin: url.origin, hostname: url.hostname.toLowerCase(), prefix };
}

/** The path as the host knows it: a proxy may hand it on with the prefix or without. */
export function withoutPrefix(path: string, prefix: string): string {
  if (prefix === '' || !path.startsWith(prefix)) return path;
  const rest = path.slice(prefix.length);
  if (rest === '') return '/';
  return rest.startsWith('/') || rest.startsWith('?') ? rest.replace(/^\?/, '/?') : path;
}
