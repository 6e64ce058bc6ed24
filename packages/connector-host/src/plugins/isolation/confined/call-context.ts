import { type ConnectorContext, ConnectorFault, type ConnectorLog, type FaultData } from 'connector-contract';
import { given } from '../../../given.js';
import type { Asked, ContextData, FromConnector } from '../messages.js';

/** The context of one call, and what the host's messages do to it. */
export interface CallContext {
  readonly ctx: ConnectorContext;
  abort(fault: FaultData): void;
  reply(ask: number, now: number, fault: FaultData | undefined, value: unknown): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Makes the context that a plugin gets in this process.
 * @param now the host's clock as the call was sent; from there on it is counted here, and set anew with every reply.
 */
export function callContext(
  call: number,
  { tokens, ...data }: ContextData,
  now: number,
  send: (message: FromConnector) => void,
): CallContext {
  const controller = new AbortController();
  const asked = new Map<number, Waiting>();
  let clock = { now, at: performance.now() };
  let asks = 0;

  const ask = <T>(what: Asked, signal: AbortSignal = controller.signal): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      asks += 1;
      const number = asks;
      const calledOff = () => {
        if (!asked.delete(number)) return;
        send({ kind: 'unask', call, ask: number });
        reject(signal.reason);
      };
      signal.addEventListener('abort', calledOff, { once: true });
      const over = () => signal.removeEventListener('abort', calledOff);
      asked.set(number, {
        resolve: (value) => {
          over();
          resolve(value as T);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      });
      send({ kind: 'ask', call, ask: number, what });
    });

  const write =
    (level: keyof ConnectorLog): ConnectorLog['info'] =>
    (message, fields) => {
      send({ kind: 'log', call, level, message: String(message), ...given({ fields }) });
    };

  return {
    ctx: {
      ...data,
      signal: controller.signal,
      log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
      clock: {
        now: () => clock.now + (performance.now() - clock.at),
        sleep: (ms, signal) =>
          ask({ ms }, signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal])),
        heard: (time) => send({ kind: 'heard', call, time: Number(time) }),
      },
      pace: (limit) => ask({ limit }),
      left: (limit, requests, resetsAt) =>
        send({ kind: 'left', call, limit: String(limit), requests: Number(requests), resetsAt: Number(resetsAt) }),
      ...(data.connection === undefined
        ? {}
        : {
            secrets: {
              get: (name) => ask({ get: String(name) }),
              put: (name, value, seen) =>
                ask({ put: String(name), text: String(value), ...(seen === undefined ? {} : { seen: Number(seen) }) }),
            },
          }),
      ...(tokens
        ? {
            auth: {
              token: (refused) => ask({ token: true, ...(refused === undefined ? {} : { refused: String(refused) }) }),
            },
          }
        : {}),
    },
    abort: (fault) => controller.abort(new ConnectorFault(fault)),
    reply: (number, at, fault, value) => {
      clock = { now: at, at: performance.now() };
      const waiting = asked.get(number);
      asked.delete(number);
      if (fault === undefined) waiting?.resolve(value);
      else waiting?.reject(new ConnectorFault(fault));
    },
  };
}
