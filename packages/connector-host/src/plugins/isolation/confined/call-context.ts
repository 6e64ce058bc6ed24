import { type ConnectorContext, ConnectorFault, type ConnectorLog, type FaultData } from 'connector-contract';
import type { ContextData, FromConnector } from '../messages.js';

/** The context of one call, and what the host's messages do to it. */
export interface CallContext {
  readonly ctx: ConnectorContext;
  abort(fault: FaultData): void;
  reply(ask: number, now: number, fault: FaultData | undefined): void;
}

interface Asked {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Makes the context that a plugin gets in this process.
 * @param now the host's clock as the call was sent; from there on it is counted here, and set anew with every reply.
 */
export function callContext(
  call: number,
  data: ContextData,
  now: number,
  send: (message: FromConnector) => void,
): CallContext {
  const controller = new AbortController();
  const asked = new Map<number, Asked>();
  let clock = { now, at: performance.now() };
  let asks = 0;

  const ask = (what: { limit?: string; ms?: number }, signal: AbortSignal): Promise<void> =>
    new Promise<void>((resolve, reject) => {
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
        resolve: () => {
          over();
          resolve();
        },
        reject: (error) => {
          over();
          reject(error);
        },
      });
      send({ kind: 'ask', call, ask: number, ...what });
    });

  const write =
    (level: keyof ConnectorLog): ConnectorLog['info'] =>
    (message, fields) => {
      send({ kind: 'log', call, level, message: String(message), ...(fields === undefined ? {} : { fields }) });
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
      pace: (limit) => ask({ limit }, controller.signal),
    },
    abort: (fault) => controller.abort(new ConnectorFault(fault)),
    reply: (number, at, fault) => {
      clock = { now: at, at: performance.now() };
      const waiting = asked.get(number);
      asked.delete(number);
      if (fault === undefined) waiting?.resolve();
      else waiting?.reject(new ConnectorFault(fault));
    },
  };
}
