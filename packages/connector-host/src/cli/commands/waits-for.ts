import type { ConnectionView } from '../../connections/view.js';

/** What has to happen before a connection's work goes on, in words; empty where nothing has to. */
export function waitsFor({ id, state, held, check, config }: ConnectionView): string {
  if (state === 'paused') return `somebody to resume it: change ${id} --resume`;
  if (state === 'reconnect') {
    const remedies = check?.status === 'blocked' ? remediesOf(check) : [];
    if (remedies.length > 0) return `${remedies.join(' ')} Then: check ${id}`;
    const secret = Object.entries(config).find(([, value]) => typeof value === 'object' && 'set' in value)?.[0];
    return `a credential that works: change ${id} --secret-env ${secret ?? 'FIELD'}=VARIABLE`;
  }
  return held === undefined ? '' : `${held.code}, until ${held.until}`;
}

function remediesOf({ permissions, problems }: NonNullable<ConnectionView['check']>): string[] {
  const denied = permissions.filter(({ outcome }) => outcome === 'denied');
  return [...new Set([...denied, ...problems].flatMap(({ remedy }) => remedy ?? []))];
}
