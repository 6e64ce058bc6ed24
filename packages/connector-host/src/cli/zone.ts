import type { HostSettings } from '../api/parts.js';
import { localDate } from '../requests/zoned-days.js';
import type { HostClient } from './client.js';

/** Tells the day of a time by the host's zone, in which it counts what is due. */
export async function daysOf(client: HostClient): Promise<(time: string) => string> {
  const { zone } = await client.get<HostSettings>('/api/v1/settings');
  return (time) => localDate(Date.parse(time), zone);
}
