import { contactLimits, silences } from '../../connections/contact.js';
import { anyObject, type JsonSchema, list, object, oneOf, ref, text, time, whole } from './json-schema.js';

const states = ['active', 'paused', 'reconnect'];

/** What may be changed of a connection's settings. */
export const settingsChange: JsonSchema = {
  ...object(
    {
      repeatUncertain: {
        type: 'boolean',
        description:
          'Whether a submission of which nobody can find out whether the vendor has it is sent again instead of waiting for a person. Default false.',
      },
      monthlyQuota: {
        type: ['integer', 'null'],
        minimum: 1,
        maximum: 1_000_000_000,
        description:
          'Identifiers the vendor takes from this account in a calendar month; `null` for what the manifest says.',
      },
    },
    'repeatUncertain',
    'monthlyQuota',
  ),
  minProperties: 1,
};

const upTo = (maxLength: number, description: string): JsonSchema => ({ type: 'string', maxLength, description });
const orNull = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema['type'] as string, 'null'] });

const contactTexts = {
  name: upTo(contactLimits.name, 'Of the person or team that is asked.'),
  email: upTo(contactLimits.email, 'Where the messages go.'),
  accountId: upTo(contactLimits.accountId, 'By which the contact knows the account.'),
  notes: upTo(contactLimits.notes, 'What the contact is told with each request. Nothing about a person.'),
};

const whenSilent = oneOf(
  [...silences],
  'Where nobody answers in time: `skip` goes on without the answer, `pause` stands still until a person decides. Default `pause`.',
);

/** What may be changed of a connection's contact. */
export const contactChange: JsonSchema = {
  ...object(
    {
      ...contactTexts,
      accountId: orNull(contactTexts.accountId),
      notes: orNull(contactTexts.notes),
      whenSilent,
    },
    'name',
    'email',
    'accountId',
    'notes',
    'whenSilent',
  ),
  minProperties: 1,
  description:
    'Who answers access requests, where the manifest says `access.type: direct-contact`. A name and an e-mail address are needed. A change holds for requests that are still to come.',
};

/** Schemas of connectors and connections, by name. */
export const connectionSchemas: Readonly<Record<string, JsonSchema>> = {
  Connector: object(
    {
      id: text(),
      version: text(),
      packageName: text(),
      state: oneOf(['ready', 'refused']),
      manifest: anyObject('The manifest, as connector-contract describes it.'),
      form: anyObject('JSON Schema of the configuration form.'),
      code: text('Why it was refused; so are the next two.'),
      reason: text(),
      remedy: text(),
      mayConnect: { type: 'boolean', description: "Whether the caller's role may make a connection." },
    },
    'version',
    'manifest',
    'form',
    'code',
    'reason',
    'remedy',
  ),
  Connection: object(
    {
      id: text(),
      connector: text(),
      name: text(),
      state: oneOf(states, '`reconnect`: the credential stopped working; work waits for a new one.'),
      capabilities: list(text()),
      config: anyObject('Secrets as {"set": true}.'),
      facts: anyObject('What the check learnt.'),
      check: ref('CheckReport'),
      quota: object(
        {
          source: oneOf(
            ['vendor', 'host'],
            "Whose figures: the vendor's, or the host's own count where it gives none.",
          ),
          remaining: whole('Identifiers that still go out before the reset.'),
          consumed: whole(),
          limit: whole('Identifiers in a period, by the setting or the manifest.'),
          resetsAt: text(),
          readAt: time(),
          group: text('What is counted, where the vendor counts kinds of deletions apart.'),
        },
        'remaining',
        'consumed',
        'limit',
        'resetsAt',
        'group',
      ),
      settings: ref('ConnectionSettings'),
      contact: ref('Contact'),
      held: object({ until: time(), code: text() }),
      createdAt: time(),
      updatedAt: time(),
    },
    'check',
    'quota',
    'contact',
    'held',
  ),
  ConnectionSettings: object(
    { repeatUncertain: { type: 'boolean' }, monthlyQuota: whole('Instead of what the manifest says.') },
    'monthlyQuota',
  ),
  Contact: object({ ...contactTexts, whenSilent }, 'accountId', 'notes'),
  RemovedConnection: object({ id: text(), connector: text(), name: text(), removedAt: time() }),
  RemovedConnectionList: object({ items: list(ref('RemovedConnection')), total: whole() }),
  ConnectionList: object({ items: list(ref('Connection')), total: whole() }),
  ConnectorList: object({ items: list(ref('Connector')), total: whole() }),
  Validation: object({ valid: { type: 'boolean' }, issues: list(ref('FieldIssue')) }),
  Removal: object({
    tasksNotSubmitted: whole('Tasks that were never submitted; they end in error.'),
    tasksNotFollowed: whole('Tasks the vendor may carry out although nobody follows them any more.'),
    operationsCancelled: whole(),
    operationsNotFollowed: whole(),
    decisionsToMake: whole(
      'Systems that this connection covered for others: how people are treated there is to be decided anew.',
    ),
  }),
};
