import { at, type ManifestIssue, within } from '../issue.js';
import type { ConnectorManifest, RateLimit } from '../manifest.generated.js';
import { repeats } from './repeats.js';

/** Rates: unique names, others that they count within, and one way of counting each. */
export function rateIssues({ limits }: ConnectorManifest): ManifestIssue[] {
  return [
    ...repeats(limits.rate, ({ id }) => id, ['limits', 'rate'], 'id'),
    ...limits.rate.flatMap((rate, index) =>
      [...withinIssues(rate, limits.rate), ...countIssues(rate)].map((issue) =>
        within(at('limits', 'rate', index), issue),
      ),
    ),
  ];
}

function withinIssues(rate: RateLimit, rates: readonly RateLimit[]): ManifestIssue[] {
  if (rate.within === undefined) return [];
  const outer = rates.find(({ id }) => id === rate.within);
  if (outer !== undefined && outer !== rate && outer.within === undefined) return [];
  const message =
    outer === undefined
      ? `There is no rate \`${rate.within}\`.`
      : `\`${outer.id}\` ${outer === rate ? 'is this rate itself' : 'counts within another one itself'}.`;
  return [{ path: 'within', message, remedy: 'Name the id of a rate that counts within no other.' }];
}

function countIssues({ spread, byHeader }: RateLimit): ManifestIssue[] {
  if (spread !== 'window' || byHeader === undefined) return [];
  return [
    {
      path: 'spread',
      message: 'The answers say when a window ends (byHeader), so that it cannot be counted here as well.',
      remedy: 'Remove one of the two.',
    },
  ];
}
