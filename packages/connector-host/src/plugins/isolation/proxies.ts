/** Which proxy of the operator's leads to a place: the variables that curl and most programs know, read once, by plain rules. */
import { BlockList, isIP } from 'node:net';
import { given } from '../../given.js';
import { HostProblem } from '../../problem.js';

/** The proxies that an operator names. */
export interface ProxySettings {
  /** For places that are spoken to by TLS. */
  readonly https?: URL;
  /** For the others. */
  readonly http?: URL;
  /** What is reached without a proxy, as `NO_PROXY` says it. */
  readonly except: readonly string[];
}

/** A place in the network. */
export interface Place {
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether it is spoken to by TLS. */
  readonly secure: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; in small letters they count first.
 * @returns undefined where none names a proxy.
 * @throws HostProblem `OPTION_INVALID`, naming the variable and never its value, which may hold a password.
 */
export function readProxies(environment: Environment): ProxySettings | undefined {
  const value = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  const proxy = (name: string) => {
    const variable = value(name) === undefined ? 'ALL_PROXY' : name;
    const address = value(variable);
    return address === undefined ? undefined : proxyAddress(variable, address);
  };
  const [https, http] = [proxy('HTTPS_PROXY'), proxy('HTTP_PROXY')];
  if (https === undefined && http === undefined) return undefined;
  return {
    ...given({ https, http }),
    except: (value('NO_PROXY') ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((one) => one !== ''),
  };
}

function proxyAddress(variable: string, address: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const known = url?.hostname && (url.protocol === 'http:' || url.protocol === 'https:');
  if (known && isDecodable(url.username) && isDecodable(url.password)) return url;
  throw new HostProblem('OPTION_INVALID', `${variable} does not name an http or https proxy.`, {
    remedy: 'Give an address such as http://proxy.example:3128, or unset the variable.',
  });
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The proxy that leads to a place; undefined where it is reached without one, as this machine itself always is. */
export function proxyTo(place: Place, settings: ProxySettings | undefined): URL | undefined {
  if (settings === undefined || isLoopback(place.host)) return undefined;
  if (settings.except.some((entry) => isExcepted(place, entry))) return undefined;
  return place.secure ? settings.https : settings.http;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isWithin(host, loopback);
}

function isWithin(host: string, list: BlockList): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** `*`; a name, which stands for those below it, too; an address or a range of addresses; each perhaps with a port. */
function isExcepted({ host, port }: Place, entry: string): boolean {
  if (entry === '*') return true;
  // An address of IPv6 without brackets has more than one colon, and no port.
  const [, inBrackets, plain, of] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = inBrackets ?? plain ?? (/:[^:]*:/.test(entry) ? entry : '');
  if (name === '' || (of !== undefined && Number(of) !== port)) return false;
  const [address = '', bits] = name.split('/');
  const version = isIP(address);
  if (version !== 0) {
    const length = bits === undefined ? (version === 6 ? 128 : 32) : Number(bits);
    if (!(length >= 0 && length <= (version === 6 ? 128 : 32))) return false;
    const range = new BlockList();
    range.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
    return isWithin(host, range);
  }
  const bare = name.replace(/^\*?\./, '');
  return host === bare || host.endsWith(`.${bare}`);
}
