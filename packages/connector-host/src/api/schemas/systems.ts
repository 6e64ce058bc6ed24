import { CoverageState } from 'connector-contract';
import { type JsonSchema, list, object, oneOf, page, ref, text, time, whole } from './json-schema.js';

/** The words of an inventory, for filters and answers alike. */
export const systemWords = {
  kind: ['source', 'destination', 'warehouse'],
  coverage: Object.values(CoverageState),
  state: ['active', 'gone', 'archived'],
  change: ['new', 'changed', 'gone'],
} as const;

const counts = (names: readonly string[], schema: JsonSchema) =>
  object(Object.fromEntries(names.map((name) => [name, schema])));

/** Schemas of detections and systems, by name. */
export const systemSchemas: Readonly<Record<string, JsonSchema>> = {
  System: object(
    {
      connection: text(),
      key: text('The same in every detection of the connection.'),
      name: text(),
      kind: oneOf(systemWords.kind),
      vendor: object({ name: text(), slug: text(), domain: text(), logo: text() }, 'domain', 'logo'),
      categories: list(text()),
      enabled: { type: 'boolean' },
      seenIn: list(text()),
      connectedTo: list(text('Key of another system.')),
      coverage: object({
        state: oneOf(systemWords.coverage, 'What a deletion does there.'),
        reason: text('Plain words.'),
        source: object({ title: text(), url: text(), asOf: text() }),
      }),
      firstSeen: time(),
      lastSeen: time(),
      state: oneOf(systemWords.state),
      change: oneOf(systemWords.change, 'Since the detection before.'),
      changes: list(text('A field that changed.')),
    },
    'enabled',
    'change',
  ),
  SystemPage: page('System'),
  SystemSummary: object({
    total: whole(),
    reached: whole('`reached` and `forwarded`.'),
    needYou: whole('`needs-setup` and `not-reached`.'),
    unknown: whole(),
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
