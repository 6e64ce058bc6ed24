import { CoverageState, SystemKind } from 'connector-contract';
import { treatments } from '../../requests/treatment.js';
import { treatmentLimits } from '../../systems/decide.js';
import { type JsonSchema, list, object, oneOf, page, ref, text, time, whole } from './json-schema.js';

/** The words of an inventory, for filters and answers alike. */
export const systemWords = {
  kind: Object.values(SystemKind),
  coverage: Object.values(CoverageState),
  state: ['active', 'gone', 'archived'],
  change: ['new', 'changed', 'gone'],
  treatment: treatments,
} as const;

const short = (maxLength: number, description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description,
});

const treatment = {
  kind: oneOf(
    treatments,
    '`by-hand`: somebody erases people there. `holds-nobody`: no people are in it. `covered-elsewhere`: another connection reaches it. `accepted`: it is left as it is.',
  ),
  reason: short(treatmentLimits.reason, 'Why. Must not name a person of a request.'),
  owner: short(treatmentLimits.owner, 'For `by-hand`: who erases people there.'),
  instructions: short(treatmentLimits.instructions, 'For `by-hand`: how.'),
  days: { type: 'integer', minimum: 1, maximum: treatmentLimits.days, description: 'For `by-hand`: within how many.' },
  coveredBy: text('For `covered-elsewhere`: id of the connection that reaches it.'),
  lookAgainOn: {
    type: 'string',
    format: 'date',
    description: 'The day from which on the decision is asked for again; until somebody decides anew, it counts.',
  },
} as const;

/** A decision about a system, as it is handed in. */
export const treatmentWish: JsonSchema = object(treatment, 'owner', 'instructions', 'days', 'coveredBy', 'lookAgainOn');

const counts = (names: readonly string[], schema: JsonSchema) =>
  object(Object.fromEntries(names.map((name) => [name, schema])));

/** Schemas of detections and systems, by name. */
export const systemSchemas: Readonly<Record<string, JsonSchema>> = {
  System: object(
    {
      connection: text(),
      key: text('The same in every detection of the connection.'),
      name: text(),
      vendorId: text("The vendor's own id of it, where the results of deletions name it by that."),
      kind: oneOf(systemWords.kind),
      vendor: object({ name: text(), slug: text(), domain: text(), logo: text() }, 'domain', 'logo'),
      categories: list(text()),
      enabled: { type: 'boolean' },
      seenIn: list(text()),
      connectedTo: list(text('Key of another system.')),
      unlisted: {
        const: true,
        description:
          'No system, but a list that the vendor refused or does not have: which systems of this kind there are is not known.',
      },
      coverage: object({
        state: oneOf(systemWords.coverage, 'What a deletion does there.'),
        reason: text('Plain words.'),
        source: object({ title: text(), url: text(), asOf: text() }),
      }),
      firstSeen: time(),
      lastSeen: time(),
      state: oneOf(systemWords.state),
      treatment: object(
        {
          ...treatment,
          askedAgainAt: time(
            'The day to look at it again had come, and it counts until somebody decides anew; or the connection that covers the system was removed, and it counts no more.',
          ),
          by: text('Id of who decided.'),
          at: time(),
        },
        'askedAgainAt',
        'owner',
        'instructions',
        'days',
        'coveredBy',
        'lookAgainOn',
      ),
      archiving: object({ by: text('Id of who archived it.'), at: time(), reason: text() }),
      change: oneOf(systemWords.change, 'Since the detection before.'),
      changes: list(text('A field that changed.')),
    },
    'vendorId',
    'enabled',
    'unlisted',
    'treatment',
    'archiving',
    'change',
  ),
  SystemPage: page('System'),
  SystemSummary: object({
    total: whole(
      'Systems that keep records beside the vendor, archived or not: destinations, warehouses, and sources that a deletion does not reach.',
    ),
    reached: whole('`reached` and `forwarded`.'),
    needYou: whole(
      '`needs-setup` and `not-reached`, as far as nobody decided about them, or it is to be looked at again.',
    ),
    decided: whole('About which somebody decided, and it is not to be looked at again yet.'),
    unknown: whole('`unknown`, as far as nobody decided about them, or it is to be looked at again.'),
    byCoverage: counts(systemWords.coverage, whole()),
    byKind: counts(systemWords.kind, object({ total: whole(), reached: whole(), needYou: whole() })),
    gone: whole(),
    archived: whole(),
  }),
  Detection: object(
    {
      id: whole(),
      connection: text(),
      trigger: oneOf(['manual', 'scheduled', 'connected']),
      state: oneOf(['running', 'complete', 'failed']),
      startedAt: time(),
      finishedAt: time(),
      found: whole(),
      added: whole(),
      changed: whole(),
      gone: whole(),
      error: ref('Fault'),
    },
    'finishedAt',
    'error',
  ),
  DetectionList: object({ items: list(ref('Detection')), total: whole() }),
};
