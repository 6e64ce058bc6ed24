import type { ConnectorLog, LogFields } from 'connector-contract';
import type { Logger } from '../log.js';
import type { Redact } from '../plugins/redact.js';

const telling = /token|secret|passw|credential|authori[sz]ation|api[-_]?key|cookie/i;

/**
 * The log as a connector gets it: texts are redacted, fields with telling names are blanked, and whatever is no plain value is left
 * out. Never throws.
 */
export function connectorLog(log: Logger, redact: Redact): ConnectorLog {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    log[level](cleanFields(fields, redact), redact(String(message)));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function cleanFields(fields: LogFields | undefined, redact: Redact): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields ?? {})) {
    const name = redact(key);
    if (telling.test(key)) clean[name] = '[redacted]';
    else if (typeof value === 'string') clean[name] = redact(value);
    else if (typeof value === 'number' || typeof value === 'boolean') clean[name] = value;
  }
  return clean;
}
