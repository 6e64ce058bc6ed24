import { ways } from '../../reading/advice.js';
import { operationStates } from '../../reading/operation-view.js';
import { leftoverCodes } from '../../requests/leftover-codes.js';
import { jurisdictions } from '../../requests/legal-clock.js';
import { requestLimits } from '../../requests/request-body.js';
import { answerOutcomes, bases, leftoverStates, requestStates, taskStates, waitsFor } from '../../requests/states.js';
import { timings } from '../../requests/timing.js';
import { treatments } from '../../requests/treatment.js';
import { type JsonSchema, list, object, oneOf, page, ref, text, time, whole } from './json-schema.js';
import { systemWords } from './systems.js';
import { evidence } from './work.js';

const identifier = object({ kind: text('As the manifests name it: email, user_id.'), value: text() });
const rights = oneOf(['deletion', 'access']);

const closing = object(
  { by: text(), at: time(), reason: text(), correctedBy: text('The request that took its place.') },
  'correctedBy',
);

const summary = {
  requestId: text(),
  right: rights,
  state: oneOf(requestStates),
  receivedAt: time('When the person asked.'),
  jurisdiction: oneOf(jurisdictions),
  days: whole('Days that the jurisdiction `other` gives.'),
  dueAt: time('By when the law wants the person served, an extension included.'),
  extension: object({ until: time(), reason: text(), from: time('When the request was due before.') }),
  timing: oneOf(timings, 'By `dueAt` alone. Of a request that is settled: whether it was so in time.'),
  identifiers: { ...list(identifier), description: 'Masked for roles that may not see them; empty once purged.' },
  acceptedAt: time(),
  expectedBy: time(),
  concludedAt: time('When no task was open any more.'),
  corrects: text('The request that it corrects.'),
  closed: closing,
  settledAt: time('When nothing was left to be done: concluded, nothing left over, every error closed.'),
  openLeftovers: whole('How much is left over: systems, and what is missing to find the person.'),
  purgedAt: time('When the identifiers were purged.'),
  tasks: list(ref('Task')),
};

const sometimes = ['corrects', 'closed', 'days', 'extension', 'expectedBy', 'concludedAt', 'settledAt', 'purgedAt'];

/** A time, or a date alone: that day in the zone of the host. */
export const day = (description: string): JsonSchema => ({
  type: 'string',
  anyOf: [{ format: 'date-time' }, { format: 'date' }],
  description: `${description} A date alone is that day in the zone of the host, to its end where something is due.`,
});

const answer = object(
  {
    outcome: oneOf(
      answerOutcomes,
      '`done`: the person was served. `not_needed`: nothing is held about the person. `could_not`: it could not be done.',
    ),
    answeredBy: text('Who answered.'),
    answeredAt: day('When.'),
    said: text("What they said; absent once the person's identifiers are purged."),
    files: whole('How many files came with it.'),
    recordedBy: text('Id of who wrote it down; `contact` where they answered by their link.'),
    recordedAt: time(),
  },
  'said',
  'files',
);

/** The body of a request. The host judges it field by field itself, with a remedy for each fault. */
export const requestBody: JsonSchema = {
  ...object(
    {
      requestId: {
        ...text('Your own id for it: the idempotency key.'),
        minLength: 1,
        maxLength: requestLimits.requestId,
      },
      right: rights,
      identifiers: {
        type: 'array',
        minItems: 1,
        maxItems: requestLimits.identifiers,
        items: object({
          kind: { type: 'string', minLength: 1, maxLength: requestLimits.kind },
          value: { type: 'string', minLength: 1, maxLength: requestLimits.value },
        }),
      },
      connections: {
        type: 'array',
        minItems: 1,
        maxItems: requestLimits.connections,
        items: text(),
        description: 'Ids of the connections it goes to; without it, all that offer what it asks for.',
      },
      receivedAt: day('When the person asked; when it is accepted, by default.'),
      dueAt: day('By when the person must be served; by the jurisdiction, by default. The most urgent go first.'),
      jurisdiction: oneOf(
        jurisdictions,
        'The law that gives the time: `gdpr` a calendar month, `ccpa` 45 days, `other` so many `days`. By default a setting of the host.',
      ),
      days: {
        type: 'integer',
        minimum: 1,
        maximum: requestLimits.days,
        description: 'For the jurisdiction `other`; not needed where `dueAt` is given.',
      },
      allowDoubtful: {
        type: 'boolean',
        description:
          'A person has looked at the doubtful identifiers: they are meant. Kept in the audit log; no part of what makes a request the same.',
      },
    },
    'connections',
    'receivedAt',
    'dueAt',
    'jurisdiction',
    'days',
    'allowDoubtful',
  ),
  examples: [{ requestId: 'dsr-2041', right: 'deletion', identifiers: [{ kind: 'email', value: 'ada@example.com' }] }],
};

/** The body of a request that corrects another: its right is that of the old one. */
export const correction: JsonSchema = {
  ...requestBody,
  properties: Object.fromEntries(
    Object.entries(requestBody['properties'] as object).filter(([name]) => name !== 'right'),
  ),
  required: ['requestId', 'identifiers'],
  examples: [{ requestId: 'dsr-2041-b', identifiers: [{ kind: 'email', value: 'ada@example.com' }] }],
};

const number = { type: 'number' } as const;

const importCounts = {
  accepted: whole('Stored durably.'),
  duplicates: whole('The same request was there already.'),
  rejected: whole(),
  doubtful: whole('Kept back, since an identifier nearly always is damage; taken with `allowDoubtful`.'),
  mended: whole('Places of the file that were mended without guessing; what concerns the whole of it counts once.'),
  errors: {
    ...list(
      object(
        {
          line: whole('1 is the first line of the file.'),
          field: text('The column or field that it is about.'),
          code: text('Why; of the rules about identifiers, the name of the rule.'),
          message: text('Plain words, with what to do. It repeats nothing of the line.'),
          doubtful: { type: 'boolean', description: 'It is kept back, and taken with `allowDoubtful`.' },
        },
        'field',
        'doubtful',
      ),
    ),
    description: 'The first 1,000 lines that were rejected or kept back.',
  },
  mendings: {
    ...list(object({ code: text(), message: text('Plain words.'), count: whole('Places of the file.') })),
    description: 'What was mended.',
  },
};

/** Schemas of requests, tasks and operations, by name. */
export const requestSchemas: Readonly<Record<string, JsonSchema>> = {
  Settings: object(
    {
      confirmAbove: whole(
        'More people than this are erased only once somebody has typed how many they are. The console and the command line hold to it.',
      ),
      zone: text('IANA name of the zone in which days begin and end.'),
      jurisdiction: oneOf(jurisdictions, 'The law that gives the time where a request names none.'),
      days: whole('Days that the jurisdiction `other` gives where a request does not say.'),
    },
    'days',
  ),
  Task: object(
    {
      id: whole(),
      connection: text(),
      state: oneOf(taskStates),
      accessStep: oneOf(['access_skipped', 'direct_contact']),
      operation: whole(),
      error: ref('Fault'),
      ways: { ...list(oneOf(ways)), description: 'The ways out of an error that help.' },
      waitsFor: oneOf(
        waitsFor,
        'What a person has to do, for `waiting_for_person`: record an answer, decide about a submission or an identifier.',
      ),
      basis: oneOf(bases, 'On whose word it is concluded; for the complete states.'),
      leftOver: oneOf(['none', 'open', 'could_not'], 'Absent while it is not complete, and where it was not recorded.'),
      answer,
      expectedBy: time('When the vendor is expected to be done.'),
      slow: { type: 'boolean', description: 'That has passed, and it is not.' },
      concludedAt: time(),
    },
    'accessStep',
    'operation',
    'error',
    'ways',
    'waitsFor',
    'basis',
    'leftOver',
    'answer',
    'expectedBy',
    'concludedAt',
  ),
  ErrorGroup: object({
    connection: text(),
    code: text(),
    error: ref('Fault'),
    people: whole(),
    retryable: whole('Of these, who can be tried again: they are known still, and the connection is there.'),
    identifiers: whole("Identifiers that trying those again would send: what counts against the vendor's quota."),
  }),
  LeftoverGroup: object(
    {
      connection: text(),
      system: text("Key of the system, or the vendor's name for it; absent for what is about no one system."),
      name: text(),
      code: oneOf(Object.keys(leftoverCodes)),
      reason: text('Plain words: the newest, as an example.'),
      people: whole('People of the deletions that left it over.'),
      leftovers: whole("A system's counts once for an operation."),
      since: time('When the first of them was opened.'),
      treatment: oneOf(
        treatments,
        'What is decided about the system; `by-hand` leaves them open, and so does `covered-elsewhere` for whom the other connection does not erase.',
      ),
    },
    'system',
    'treatment',
  ),
  RequestSummary: object(summary, ...sometimes),
  Leftover: object(
    {
      connection: text(),
      task: whole(),
      system: text(
        "Key of the system in the inventory, or the vendor's name for one that is not there; absent for what is about no one system.",
      ),
      name: text('As the inventory has it.'),
      code: oneOf(Object.keys(leftoverCodes)),
      reason: text('Plain words.'),
      state: oneOf(leftoverStates),
      openedAt: time(),
      ended: object(
        {
          at: time(),
          by: text('Id of who ended it.'),
          why: text(),
          treatment: oneOf(treatments, 'The decision about the system that ended it.'),
          work: whole('The work item that ended it, where one did: who did it, when, and what shows that.'),
          doneBy: text(),
          doneAt: time(),
          evidence,
          correctedBy: text('The request by which the person was handed in again, where that ended it.'),
        },
        'by',
        'treatment',
        'work',
        'doneBy',
        'doneAt',
        'evidence',
        'correctedBy',
      ),
      work: whole('The work item that it is in, or was in.'),
      owner: text('Name of whoever has that work.'),
    },
    'system',
    'openedAt',
    'ended',
    'work',
    'owner',
  ),
  Operation: object(
    {
      id: whole(),
      connection: text(),
      state: oneOf(operationStates),
      reference: text("The vendor's id for it."),
      parent: whole('The operation it was divided from.'),
      subjects: whole(),
      identifiers: whole(),
      bytes: whole(),
      attempts: whole(),
      polls: whole(),
      vendorState: text("The vendor's own word for it."),
      destinations: list(
        object(
          {
            id: text(),
            key: text('Of the system in the inventory; absent where it is not there, or may be one of several.'),
            name: text('As the inventory has it, where there is a key.'),
            state: oneOf(['pending', 'completed', 'failed', 'not-supported', 'unknown']),
            vendorState: text(),
            message: text(),
            finishedAt: text(),
          },
          'id',
          'key',
          'message',
          'finishedAt',
        ),
      ),
      exceptions: list(
        object(
          {
            id: text("The vendor's own; where there is no key."),
            key: text('As of a destination.'),
            system: text('Its name.'),
            reason: text(),
          },
          'id',
          'key',
        ),
      ),
      results: {
        ...object(
          { erased: whole(), 'no-match': whole(), partial: whole(), refused: whole() },
          'erased',
          'no-match',
          'partial',
          'refused',
        ),
        description: 'How many people came to which end; absent where the vendor speaks of the whole alone.',
      },
      leftOver: oneOf(['none', 'open', 'could_not']),
      error: ref('Fault'),
      createdAt: time(),
      acceptedAt: time(),
      expectedBy: time(),
      finishedAt: time(),
      nextPollAt: time(),
    },
    'reference',
    'parent',
    'vendorState',
    'results',
    'leftOver',
    'error',
    'acceptedAt',
    'expectedBy',
    'finishedAt',
    'nextPollAt',
  ),
  TimelineEntry: object(
    {
      id: whole(),
      at: time(),
      kind: text(),
      text: text('Plain words.'),
      connection: text(),
      task: whole(),
      operation: whole(),
      actor: text(),
    },
    'id',
    'connection',
    'task',
    'operation',
    'actor',
  ),
  StoredFile: object(
    {
      id: whole(),
      task: whole('Of an answer.'),
      name: text('As its sender named it.'),
      bytes: whole(),
      receivedAt: time(),
    },
    'task',
  ),
  StoredFileList: object({ items: list(ref('StoredFile')), total: whole() }),
  RequestDetail: object(
    {
      ...summary,
      leftovers: { ...list(ref('Leftover')), description: 'What the deletion did not do; how each ended stays.' },
      leftoversRecorded: {
        type: 'boolean',
        description: 'False for what was concluded before leftovers were recorded: that there are none says nothing.',
      },
      doubtful: {
        ...object({ reasons: list(ref('FieldIssue')), allowed: { type: 'boolean' } }),
        description: 'What is doubtful of its identifiers, and whether a person has said that they are meant.',
      },
      timeline: list(ref('TimelineEntry')),
      operations: list(ref('Operation')),
      refused: {
        ...list(object({ task: whole(), message: text() })),
        description: 'In the answer to `cancel` alone: tasks that could not be taken back, and why.',
      },
    },
    'doubtful',
    'refused',
    ...sometimes,
  ),
  RequestPage: page('RequestSummary', {
    counts: object(Object.fromEntries(requestStates.map((state) => [state, whole()]))),
  }),
  OperationPage: page('Operation'),
  ImportReport: object(importCounts),
  ImportPlan: object({ ...importCounts, plan: ref('DryRun') }),
  ConnectionPlan: object(
    {
      connection: text(),
      name: text(),
      subjects: whole(),
      identifiers: whole(),
      operations: whole(),
      vendorCalls: whole(),
      batches: list(object({ subjects: whole(), identifiers: whole(), bytes: whole() }, 'bytes')),
      estimated: { type: 'boolean' },
      quotaLeft: whole('Identifiers that the vendor still takes this period.'),
      quotaResetsAt: text(),
      waits: text('Why nothing goes out right now.'),
      rejected: list(object({ requestId: text(), error: ref('Fault') })),
      notKnown: whole(
        'People of whom nothing is sent by which the vendor knows people: once it is done, they are left over (`NO_KNOWN_USER_ID`).',
      ),
      notReached: list(text()),
      systemsNotReached: list(
        object({
          key: text(),
          name: text(),
          kind: oneOf(systemWords.kind),
          coverage: object({ state: oneOf(systemWords.coverage), reason: text() }),
        }),
      ),
      systemsAsOf: time(
        'When systems were last looked for. Absent where they never were, or were so under other settings: then nothing is known for certain of them.',
      ),
      limits: list(text()),
    },
    'systemsAsOf',
    'quotaLeft',
    'quotaResetsAt',
    'waits',
  ),
  Overview: object({
    counts: object(Object.fromEntries(requestStates.map((state) => [state, whole()]))),
    open: object({
      onTime: whole('Requests that are not settled, by `dueAt`.'),
      dueSoon: whole('Due within a week.'),
      late: whole(),
    }),
    slow: whole('Open requests whose vendor has not kept its own estimate.'),
    waiting: object({
      batch: whole('Requests, as the others: one that waits for several things counts for each.'),
      quota: whole('The quota of the vendor is used up until its reset.'),
      rate: whole('The vendor asked for fewer calls.'),
      vendor: whole('The vendor failed or could not be reached; it is tried again later.'),
      reconnect: whole(),
      paused: whole(),
      connector: whole('The connector is not installed, or this host refused it.'),
    }),
    daysToComplete: object({ median: number, p90: number, concluded: whole('Within 90 days.') }, 'median', 'p90'),
    durations: list(object({ upTo: number, count: whole() }, 'upTo')),
    days: list(object({ day: text('YYYY-MM-DD.'), accepted: whole(), concluded: whole(), withTrouble: whole() })),
    connections: list(
      object({
        connection: text(),
        open: whole(),
        late: whole('Open past the time that the law gives.'),
        slow: whole("Open past the vendor's own estimate."),
        errors: whole(),
      }),
    ),
  }),
  DryRun: object({
    subjects: whole(),
    vendorCalls: whole(),
    connections: list(ref('ConnectionPlan')),
    doubtful: {
      ...list(object({ requestId: text(), reasons: list(ref('FieldIssue')) })),
      description: 'Kept back until a person says that their identifiers are meant; not counted above.',
    },
  }),
};
