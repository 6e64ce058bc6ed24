import type { ReactNode } from 'react';
import { useSettings } from '../api/settings.js';
import { formatDay, When } from './when.js';

/** The day on which something is due, as the law counts it: in the zone of the host, wherever the reader is. */
export function DueDay({ at }: { readonly at: string }): ReactNode {
  return <When at={at} as="day" zone={useSettings().data?.zone} />;
}

/** The same as a text. */
export function useDueDay(): (at: string) => string {
  const zone = useSettings().data?.zone;
  return (at) => formatDay(at, zone);
}
