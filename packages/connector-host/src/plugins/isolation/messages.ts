/** What host and connector process say to each other. */
import type { ConnectorContext, ConnectorManifest, FaultData, LogFields } from 'connector-contract';

/** Names the host's door in the environment of a process that has no other way out. */
export const DOOR_VARIABLE = 'CONNECTOR_DOOR';

/** Says in the environment of a process that somebody is writing its connector, and where a debugger comes in. */
export const DEVELOP_VARIABLE = 'CONNECTOR_DEVELOP';

/** A method of a connector's parts. */
export type Method = 'validate' | 'check' | 'plan' | 'submit' | 'reconcile' | 'status' | 'cancel' | 'detect';

/** A place in the network that a call may reach. */
export interface Permit {
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether it is spoken to by TLS. */
  readonly secure: boolean;
  /** Whether it may lie in a private network: only where the operator named it. */
  readonly inside: boolean;
  /** Port on this machine that leads there through the operator's proxy; absent where there is none on the way. */
  readonly via?: number;
}

/** The part of a context that is data. */
export type ContextData = Pick<
  ConnectorContext,
  'connection' | 'config' | 'facts' | 'capabilities' | 'allowedOrigins'
> & {
  /** Whether the host gets tokens. */
  readonly tokens: boolean;
};

/** What was thrown and is no fault: its kind and its places in the code, never its message. */
export interface Thrown {
  readonly name: string;
  readonly stack: string;
}

/** From the host. */
export type ToConnector =
  | {
      readonly kind: 'load';
      readonly entry: string;
      readonly manifest: ConnectorManifest;
      readonly timeoutMs: number;
      readonly rehearse: boolean;
    }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly method: Method;
      readonly args: readonly unknown[];
      /** Absent for `validate` and `plan`. */
      readonly context?: ContextData;
      readonly permits: readonly Permit[];
      /** By {@link steadyNow}: a call that is read later is not begun. */
      readonly beginBy: number;
      /** The host's clock. */
      readonly now: number;
    }
  /** Asks for the next systems of a detection. */
  | { readonly kind: 'more'; readonly call: number }
  /** Ends a detection. */
  | { readonly kind: 'enough'; readonly call: number }
  | { readonly kind: 'abort'; readonly call: number; readonly fault: FaultData }
  /** Answers an `ask`. */
  | {
      readonly kind: 'reply';
      readonly call: number;
      readonly ask: number;
      readonly now: number;
      readonly fault?: FaultData;
      /** What was asked for. */
      readonly value?: unknown;
    }
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' };

/** What a connector may ask the host for: a turn, time that passes, something that is kept, a token. */
export type Asked =
  | { readonly limit: string }
  | { readonly ms: number }
  | { readonly get: string }
  | { readonly put: string; readonly text: string; readonly seen?: number }
  | { readonly token: true; readonly refused?: string };

/** From the connector's process. What is in it is not to be trusted. */
export type FromConnector =
  | { readonly kind: 'up' }
  | { readonly kind: 'bound' }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  | { readonly kind: 'answer'; readonly call: number; readonly value?: unknown }
  | { readonly kind: 'systems'; readonly call: number; readonly items: readonly unknown[]; readonly done: boolean }
  | { readonly kind: 'fault'; readonly call: number; readonly fault: FaultData }
  | { readonly kind: 'threw'; readonly call: number; readonly error: Thrown }
  | { readonly kind: 'not-plain'; readonly call: number; readonly reason: string }
  | {
      readonly kind: 'log';
      readonly call: number;
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields?: LogFields;
    }
  | { readonly kind: 'ask'; readonly call: number; readonly ask: number; readonly what: Asked }
  /** What time it is by the vendor, in milliseconds since the epoch. */
  | { readonly kind: 'heard'; readonly call: number; readonly time: number }
  /** What an answer of the vendor says is left under a limit. */
  | {
      readonly kind: 'left';
      readonly call: number;
      readonly limit: string;
      readonly requests: number;
      readonly resetsAt: number;
    }
  /** Does not wait any more. */
  | { readonly kind: 'unask'; readonly call: number; readonly ask: number }
  /** A connection was refused; `to` is host and port. */
  | { readonly kind: 'egress'; readonly to: string }
  /** Something was thrown outside of any call. */
  | { readonly kind: 'stray'; readonly error: Thrown; readonly fatal: boolean }
  | { readonly kind: 'pong'; readonly rss: number };

/** Milliseconds by the steady clock of the machine, which all its processes share and nobody can set. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** How many milliseconds a call has to be begun by the connector's process, once it was sent. */
export const BEGIN_WITHIN_MS = 2_500;

/** Judges that a message has a known form; the values that a call answers are judged where they are used. */
export function isFromConnector(value: unknown): value is FromConnector {
  if (typeof value !== 'object' || value === null) return false;
  const message = value as Record<string, unknown>;
  const has = (key: string, type: string) => typeof message[key] === type;
  const may = (key: string, type: string) => message[key] === undefined || has(key, type);
  switch (message['kind']) {
    case 'up':
    case 'bound':
    case 'loaded':
      return true;
    case 'refused':
      return has('code', 'string') && has('reason', 'string');
    case 'answer':
      return has('call', 'number');
    case 'systems':
      return has('call', 'number') && Array.isArray(message['items']) && has('done', 'boolean');
    case 'fault':
      return has('call', 'number') && isObject(message['fault']);
    case 'threw':
      return has('call', 'number') && isThrown(message['error']);
    case 'not-plain':
      return has('call', 'number') && has('reason', 'string');
    case 'log':
      return has('call', 'number') && isLevel(message['level']) && has('message', 'string') && may('fields', 'object');
    case 'ask':
      return has('call', 'number') && has('ask', 'number') && isAsked(message['what']);
    case 'heard':
      return has('call', 'number') && has('time', 'number');
    case 'left':
      return has('call', 'number') && has('limit', 'string') && has('requests', 'number') && has('resetsAt', 'number');
    case 'unask':
      return has('call', 'number') && has('ask', 'number');
    case 'egress':
      return has('to', 'string');
    case 'stray':
      return isThrown(message['error']) && has('fatal', 'boolean');
    case 'pong':
      return has('rss', 'number');
    default:
      return false;
  }
}

/** The call that a message of a connector's program is about, from its first bytes alone; another author may have written others. */
export function callIn(beginning: Buffer): number | undefined {
  const [, call] = /^\{"kind":"[a-z-]+","call":(\d{1,15})[,}]/.exec(beginning.toString('latin1', 0, 64)) ?? [];
  return call === undefined ? undefined : Number(call);
}

function isAsked(value: unknown): value is Asked {
  if (!isObject(value)) return false;
  const has = (key: string, type: string) => typeof value[key] === type;
  const may = (key: string, type: string) => value[key] === undefined || has(key, type);
  if (has('put', 'string')) return has('text', 'string') && may('seen', 'number');
  if (value['token'] === true) return may('refused', 'string');
  return has('limit', 'string') || has('ms', 'number') || has('get', 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isThrown(value: unknown): boolean {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['stack'] === 'string';
}

function isLevel(value: unknown): boolean {
  return value === 'debug' || value === 'info' || value === 'warn' || value === 'error';
}
