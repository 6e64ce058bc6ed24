import 'reflect-metadata';
import { baseUrlOf, defineConnector, faultOf, findingOf } from 'connector-kit';
import { deletion, stateOf } from './deletion.js';
import { manifest } from './manifest.generated.js';

/** An id that no deletion has: asking about it needs the permission, and finds nobody. */
const NONE = 'connection-check';

/** What a host loads. */
export const connectorModule = defineConnector({
  manifest,
  connect: (config) => ({
    base: config.baseUrl ?? baseUrlOf(manifest, config, 'deletions'),
    headers: { Authorization: `Bearer ${config.gdprToken}` },
  }),
  async check(vendor) {
    try {
      await stateOf(NONE, vendor);
      return { findings: { 'data-deletions': { found: 'granted' } } };
    } catch (error) {
      const fault = faultOf(error);
      // Anything else is trouble with the connection as a whole.
      if (fault.code !== 'PERMISSION_MISSING' && fault.code !== 'NOT_FOUND') throw fault;
      return { findings: { 'data-deletions': findingOf(fault) } };
    }
  },
  judge: ({ kind, status }) =>
    kind === 'cancel' && status === 405
      ? { code: 'CONFLICT', message: 'Mixpanel has started the deletion and does not take it back.' }
      : undefined,
  deletion,
});
