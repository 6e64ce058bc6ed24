import {
  type CheckReport,
  type Connector,
  type ConnectorContext,
  faultData,
  type PermissionOutcome,
  resolveConfig,
  type ValidationReport,
} from 'connector-contract';
import { manifest } from './manifest.js';
import { callVendor } from './vendor-api.js';
import { VendorFault } from './vendor-fault.js';

/** The scope of a token that each permission of the manifest comes with. */
const scopes: Readonly<Record<string, string>> = { 'account-read': 'read', 'people-erase': 'erase' };

/** Judges configurations, and asks the vendor whether a connection works. */
export class MyConnector implements Connector {
  validate(config: unknown): ValidationReport {
    const { issues } = resolveConfig(manifest, config, { endpointsAllowed: true });
    return { valid: issues.length === 0, issues };
  }

  async check(ctx: ConnectorContext): Promise<CheckReport> {
    try {
      const account = await callVendor(ctx, 'GET', '/account');
      const granted = account['scopes'];
      if (!Array.isArray(granted) || typeof account['name'] !== 'string') {
        throw new VendorFault('VENDOR_ANSWER_UNREADABLE', 'The vendor does not say what the token may do.', false);
      }
      const permissions = manifest.permissions.map(({ id, grantedBy }): PermissionOutcome => {
        if (granted.includes(scopes[id])) return { permission: id, outcome: 'granted', message: 'The token has it.' };
        const message = 'The token lacks it.';
        return { permission: id, outcome: 'denied', code: 'PERMISSION_MISSING', message, remedy: grantedBy };
      });
      const denied = permissions.some((permission) => permission.outcome === 'denied');
      return { status: denied ? 'blocked' : 'ready', permissions, problems: [], facts: { account: account['name'] } };
    } catch (caught) {
      if (!(caught instanceof VendorFault) || caught.code === 'ABORTED') throw caught;
      const message = 'Not asked, because the connection failed before.';
      const permissions = manifest.permissions.map(
        ({ id }): PermissionOutcome => ({ permission: id, outcome: 'skipped', message }),
      );
      return { status: 'blocked', permissions, problems: [faultData(caught)], facts: {} };
    }
  }
}
