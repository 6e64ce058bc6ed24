import type { ConnectorContext } from 'connector-contract';
import { VirtualClock } from '../virtual-clock.js';

/** A line that a connector logged. */
export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields?: object | undefined;
}

/** A context as the host would make it, with the lines that were logged. */
export function testContext(
  config: ConnectorContext['config'],
  more: Partial<ConnectorContext> = {},
): ConnectorContext & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const write = (level: string) => (message: string, fields?: object) => {
    lines.push({ level, message, fields });
  };
  return {
    lines,
    config,
    facts: {},
    capabilities: ['deletion'],
    allowedOrigins: [],
    signal: new AbortController().signal,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    clock: new VirtualClock(),
    pace: async () => undefined,
    ...more,
  };
}
