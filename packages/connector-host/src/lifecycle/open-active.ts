import { faultData, isConnectorFault } from 'connector-contract';
import type { OpenConnection, Setting } from './setting.js';

/**
 * Opens a connection for work, where it is active. A configuration that no longer does turns it to `reconnect`; a connector that is not
 * installed is waited for.
 * @returns `undefined` where its work has to wait: whoever mends the connection, or the sweep, brings it back.
 */
export async function openActive(
  setting: Setting,
  id: string,
  signal: AbortSignal,
): Promise<OpenConnection | undefined> {
  const glance = await setting.connections.get(id);
  if (glance?.state !== 'active') return undefined;
  try {
    return await setting.connections.open(id, signal);
  } catch (error) {
    if (!isConnectorFault(error)) throw error;
    const fault = faultData(error);
    setting.log.warn({ connection: id, code: fault.code }, 'A connection could not be opened; its work waits');
    if (!fault.retryable) await setting.connections.reconnect(id, fault);
    return undefined;
  }
}
