/**
 * What the host's HTTP API answers. Made from the schemas of `/openapi.json` (`src/api/schemas`): change those, then run
 * `npm run generate`.
 */

export type Role = 'super-admin' | 'connections-manager' | 'privacy-manager' | 'auditor' | 'viewer';
export type NoticeKind =
  | 'connection.reconnect'
  | 'requests.deadlines'
  | 'quota.used_up'
  | 'submission.undecided'
  | 'system.not_reached'
  | 'system.asked_again'
  | 'import.ended'
  | 'disk.nearly_full'
  | 'work.assigned'
  | 'work.due_tomorrow'
  | 'work.overdue'
  | 'contact.silent'
  | 'notice.switched_off';

export interface FieldIssue {
  field: string;
  code: string;
  message: string;
  remedy?: string;
}
export interface Fault {
  /**
   * Stable; documented in the contract or the manifest.
   */
  code: string;
  kind:
    'config' | 'auth' | 'permission' | 'input' | 'rate-limited' | 'quota' | 'vendor' | 'network' | 'timeout' | 'bug';
  retryable: boolean;
  retryAfterMs?: number;
  message: string;
  remedy?: string;
  field?: string;
  /**
   * The vendor's.
   */
  httpStatus?: number;
}
export interface CheckReport {
  status: 'ready' | 'degraded' | 'blocked';
  permissions: {
    permission: string;
    outcome: 'granted' | 'denied' | 'unverifiable' | 'skipped';
    code?: string;
    message: string;
    remedy?: string;
    field?: string;
  }[];
  problems: Fault[];
  facts: {
    [k: string]: unknown;
  };
  checkedAt?: string;
}
export interface Session {
  id: string;
  name: string;
  role: Role;
  /**
   * Of whoever holds the token: work that is given to it is theirs.
   */
  email?: string;
  /**
   * For connections the manifest's roles decide.
   */
  may: (
    | 'connectors:read'
    | 'connections:read'
    | 'connections:validate'
    | 'connections:create'
    | 'connections:change'
    | 'connections:remove'
    | 'connections:check'
    | 'settings:read'
    | 'requests:read'
    | 'requests:identify'
    | 'requests:create'
    | 'requests:allow'
    | 'requests:plan'
    | 'requests:retry'
    | 'requests:cancel'
    | 'requests:settle'
    | 'requests:extend'
    | 'requests:answer'
    | 'requests:close'
    | 'requests:correct'
    | 'receipts:read'
    | 'operations:read'
    | 'detections:run'
    | 'systems:read'
    | 'systems:archive'
    | 'systems:treat'
    | 'leftovers:close'
    | 'work:read'
    | 'work:people'
    | 'work:assign'
    | 'work:close'
    | 'events:read'
    | 'metrics:read'
    | 'notices:manage'
    | 'tokens:manage'
    | 'audit:read'
    | 'keys:rotate'
    | 'data:purge'
  )[];
}
export interface BegunSession {
  id: string;
  name: string;
  role: Role;
  email?: string;
  may: (
    | 'connectors:read'
    | 'connections:read'
    | 'connections:validate'
    | 'connections:create'
    | 'connections:change'
    | 'connections:remove'
    | 'connections:check'
    | 'settings:read'
    | 'requests:read'
    | 'requests:identify'
    | 'requests:create'
    | 'requests:allow'
    | 'requests:plan'
    | 'requests:retry'
    | 'requests:cancel'
    | 'requests:settle'
    | 'requests:extend'
    | 'requests:answer'
    | 'requests:close'
    | 'requests:correct'
    | 'receipts:read'
    | 'operations:read'
    | 'detections:run'
    | 'systems:read'
    | 'systems:archive'
    | 'systems:treat'
    | 'leftovers:close'
    | 'work:read'
    | 'work:people'
    | 'work:assign'
    | 'work:close'
    | 'events:read'
    | 'metrics:read'
    | 'notices:manage'
    | 'tokens:manage'
    | 'audit:read'
    | 'keys:rotate'
    | 'data:purge'
  )[];
  /**
   * For the header x-session-proof of each call; shown this once.
   */
  proof?: string;
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /**
   * Stable; documented in docs/problems.md.
   */
  code:
    | 'INPUT_INVALID'
    | 'CURSOR_INVALID'
    | 'UNAUTHENTICATED'
    | 'ROLE_MISSING'
    | 'ORIGIN_NOT_ALLOWED'
    | 'NOT_FOUND'
    | 'CALL_UNFINISHED'
    | 'REQUEST_DIFFERS'
    | 'STATE_FORBIDS'
    | 'TOO_LARGE'
    | 'MEDIA_TYPE_NOT_TAKEN'
    | 'HOST_NOT_ALLOWED'
    | 'REQUEST_INVALID'
    | 'CONNECTOR_UNKNOWN'
    | 'CONNECTOR_REFUSED'
    | 'CONNECTION_INVALID'
    | 'CONNECTION_BLOCKED'
    | 'CONNECTION_UNKNOWN'
    | 'NO_CONNECTION'
    | 'TOO_MANY_CALLS'
    | 'HEADERS_TOO_LARGE'
    | 'INTERNAL'
    | 'CONNECTOR_FAILED'
    | 'NOT_READY'
    | 'DISK_FULL'
    | 'OPTION_INVALID';
  remedy?: string;
  errors?: FieldIssue[];
  report?: CheckReport;
}
export interface Settings {
  /**
   * More people than this are erased only once somebody has typed how many they are. The console and the command line hold to it.
   */
  confirmAbove: number;
  /**
   * IANA name of the zone in which days begin and end.
   */
  zone: string;
  /**
   * The law that gives the time where a request names none.
   */
  jurisdiction: 'gdpr' | 'ccpa' | 'other';
  /**
   * Days that the jurisdiction `other` gives where a request does not say.
   */
  days?: number;
}
export interface Task {
  id: number;
  connection: string;
  state:
    | 'pending'
    | 'processing'
    | 'waiting_for_person'
    | 'complete'
    | 'complete_with_exceptions'
    | 'error'
    | 'cancelled'
    | 'skipped'
    | 'not_applicable';
  accessStep?: 'access_skipped' | 'direct_contact';
  operation?: number;
  error?: Fault;
  /**
   * The ways out of an error that help.
   */
  ways?: ('retry' | 'correct' | 'close')[];
  /**
   * What a person has to do, for `waiting_for_person`: record an answer, decide about a submission or an identifier.
   */
  waitsFor?: 'answer' | 'decision' | 'identifier';
  /**
   * On whose word it is concluded; for the complete states.
   */
  basis?: 'submission' | 'vendor' | 'person' | 'nobody-known';
  /**
   * Absent while it is not complete, and where it was not recorded.
   */
  leftOver?: 'none' | 'open' | 'could_not';
  answer?: {
    /**
     * `done`: the person was served. `not_needed`: nothing is held about the person. `could_not`: it could not be done.
     */
    outcome: 'done' | 'not_needed' | 'could_not';
    /**
     * Who answered.
     */
    answeredBy: string;
    /**
     * When. A date alone is that day in the zone of the host, to its end where something is due.
     */
    answeredAt: {
      [k: string]: unknown;
    } & string;
    /**
     * What they said; absent once the person's identifiers are purged.
     */
    said?: string;
    /**
     * How many files came with it.
     */
    files?: number;
    /**
     * Id of who wrote it down; `contact` where they answered by their link.
     */
    recordedBy: string;
    recordedAt: string;
  };
  /**
   * When the vendor is expected to be done.
   */
  expectedBy?: string;
  /**
   * That has passed, and it is not.
   */
  slow: boolean;
  concludedAt?: string;
}
export interface ErrorGroup {
  connection: string;
  code: string;
  error: Fault;
  people: number;
  /**
   * Of these, who can be tried again: they are known still, and the connection is there.
   */
  retryable: number;
  /**
   * Identifiers that trying those again would send: what counts against the vendor's quota.
   */
  identifiers: number;
}
export interface LeftoverGroup {
  connection: string;
  /**
   * Key of the system, or the vendor's name for it; absent for what is about no one system.
   */
  system?: string;
  name: string;
  code: 'VENDOR_EXCEPTION' | 'NOT_REACHED' | 'NEEDS_SETUP' | 'COVERAGE_UNKNOWN' | 'NO_KNOWN_USER_ID';
  /**
   * Plain words: the newest, as an example.
   */
  reason: string;
  /**
   * People of the deletions that left it over.
   */
  people: number;
  /**
   * A system's counts once for an operation.
   */
  leftovers: number;
  /**
   * When the first of them was opened.
   */
  since: string;
  /**
   * What is decided about the system; `by-hand` leaves them open.
   */
  treatment?: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
}
export interface RequestSummary {
  requestId: string;
  right: 'deletion' | 'access';
  state:
    | 'pending'
    | 'processing'
    | 'waiting_for_person'
    | 'left_over'
    | 'complete'
    | 'complete_with_exceptions'
    | 'error'
    | 'skipped'
    | 'cancelled';
  /**
   * When the person asked.
   */
  receivedAt: string;
  jurisdiction: 'gdpr' | 'ccpa' | 'other';
  /**
   * Days that the jurisdiction `other` gives.
   */
  days?: number;
  /**
   * By when the law wants the person served, an extension included.
   */
  dueAt: string;
  extension?: {
    until: string;
    reason: string;
    /**
     * When the request was due before.
     */
    from: string;
  };
  /**
   * By `dueAt` alone. Of a request that is settled: whether it was so in time.
   */
  timing: 'on_time' | 'due_soon' | 'late';
  /**
   * Masked for roles that may not see them; empty once purged.
   */
  identifiers: {
    /**
     * As the manifests name it: email, user_id.
     */
    kind: string;
    value: string;
  }[];
  acceptedAt: string;
  expectedBy?: string;
  /**
   * When no task was open any more.
   */
  concludedAt?: string;
  /**
   * The request that it corrects.
   */
  corrects?: string;
  closed?: {
    by: string;
    at: string;
    reason: string;
    /**
     * The request that took its place.
     */
    correctedBy?: string;
  };
  /**
   * When nothing was left to be done: concluded, nothing left over, every error closed.
   */
  settledAt?: string;
  /**
   * How much is left over: systems, and what is missing to find the person.
   */
  openLeftovers: number;
  /**
   * When the identifiers were purged.
   */
  purgedAt?: string;
  tasks: Task[];
}
export interface Leftover {
  connection: string;
  task: number;
  /**
   * Key of the system in the inventory, or the vendor's name for one that is not there; absent for what is about no one system.
   */
  system?: string;
  /**
   * As the inventory has it.
   */
  name: string;
  code: 'VENDOR_EXCEPTION' | 'NOT_REACHED' | 'NEEDS_SETUP' | 'COVERAGE_UNKNOWN' | 'NO_KNOWN_USER_ID';
  /**
   * Plain words.
   */
  reason: string;
  state: 'open' | 'done' | 'not_needed' | 'could_not';
  openedAt?: string;
  ended?: {
    at: string;
    /**
     * Id of who ended it.
     */
    by?: string;
    why: string;
    /**
     * The decision about the system that ended it.
     */
    treatment?: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
    /**
     * The work item that ended it, where one did: who did it, when, and what shows that.
     */
    work?: number;
    doneBy?: string;
    doneAt?: string;
    evidence?: {
      /**
       * Such as the number of a ticket. Names no person of a request.
       */
      text?: string;
      /**
       * Address of a page.
       */
      link?: string;
      /**
       * How many files were sent with it.
       */
      files?: number;
    };
    /**
     * The request by which the person was handed in again, where that ended it.
     */
    correctedBy?: string;
  };
  /**
   * The work item that it is in, or was in.
   */
  work?: number;
  /**
   * Name of whoever has that work.
   */
  owner?: string;
}
export interface Operation {
  id: number;
  connection: string;
  state:
    | 'planned'
    | 'submitting'
    | 'uncertain'
    | 'undecided'
    | 'accepted'
    | 'processing'
    | 'completed'
    | 'completed_with_exceptions'
    | 'failed'
    | 'expired'
    | 'cancelled'
    | 'refused'
    | 'divided';
  /**
   * The vendor's id for it.
   */
  reference?: string;
  /**
   * The operation it was divided from.
   */
  parent?: number;
  subjects: number;
  identifiers: number;
  bytes: number;
  attempts: number;
  polls: number;
  /**
   * The vendor's own word for it.
   */
  vendorState?: string;
  destinations: {
    id?: string;
    /**
     * Of the system in the inventory; absent where it is not there, or may be one of several.
     */
    key?: string;
    /**
     * As the inventory has it, where there is a key.
     */
    name: string;
    state: 'pending' | 'completed' | 'failed' | 'not-supported' | 'unknown';
    vendorState: string;
    message?: string;
    finishedAt?: string;
  }[];
  exceptions: {
    /**
     * The vendor's own; where there is no key.
     */
    id?: string;
    /**
     * As of a destination.
     */
    key?: string;
    /**
     * Its name.
     */
    system: string;
    reason: string;
  }[];
  /**
   * How many people came to which end; absent where the vendor speaks of the whole alone.
   */
  results?: {
    erased?: number;
    'no-match'?: number;
    partial?: number;
    refused?: number;
  };
  leftOver?: 'none' | 'open' | 'could_not';
  error?: Fault;
  createdAt: string;
  acceptedAt?: string;
  expectedBy?: string;
  finishedAt?: string;
  nextPollAt?: string;
}
export interface TimelineEntry {
  id?: number;
  at: string;
  kind: string;
  /**
   * Plain words.
   */
  text: string;
  connection?: string;
  task?: number;
  operation?: number;
  actor?: string;
}
export interface StoredFile {
  id: number;
  /**
   * Of an answer.
   */
  task?: number;
  /**
   * As its sender named it.
   */
  name: string;
  bytes: number;
  receivedAt: string;
}
export interface StoredFileList {
  items: StoredFile[];
  total: number;
}
export interface RequestDetail {
  requestId: string;
  right: 'deletion' | 'access';
  state:
    | 'pending'
    | 'processing'
    | 'waiting_for_person'
    | 'left_over'
    | 'complete'
    | 'complete_with_exceptions'
    | 'error'
    | 'skipped'
    | 'cancelled';
  /**
   * When the person asked.
   */
  receivedAt: string;
  jurisdiction: 'gdpr' | 'ccpa' | 'other';
  /**
   * Days that the jurisdiction `other` gives.
   */
  days?: number;
  /**
   * By when the law wants the person served, an extension included.
   */
  dueAt: string;
  extension?: {
    until: string;
    reason: string;
    /**
     * When the request was due before.
     */
    from: string;
  };
  /**
   * By `dueAt` alone. Of a request that is settled: whether it was so in time.
   */
  timing: 'on_time' | 'due_soon' | 'late';
  /**
   * Masked for roles that may not see them; empty once purged.
   */
  identifiers: {
    /**
     * As the manifests name it: email, user_id.
     */
    kind: string;
    value: string;
  }[];
  acceptedAt: string;
  expectedBy?: string;
  /**
   * When no task was open any more.
   */
  concludedAt?: string;
  /**
   * The request that it corrects.
   */
  corrects?: string;
  closed?: {
    by: string;
    at: string;
    reason: string;
    /**
     * The request that took its place.
     */
    correctedBy?: string;
  };
  /**
   * When nothing was left to be done: concluded, nothing left over, every error closed.
   */
  settledAt?: string;
  /**
   * How much is left over: systems, and what is missing to find the person.
   */
  openLeftovers: number;
  /**
   * When the identifiers were purged.
   */
  purgedAt?: string;
  tasks: Task[];
  /**
   * What the deletion did not do; how each ended stays.
   */
  leftovers: Leftover[];
  /**
   * False for what was concluded before leftovers were recorded: that there are none says nothing.
   */
  leftoversRecorded: boolean;
  /**
   * What is doubtful of its identifiers, and whether a person has said that they are meant.
   */
  doubtful?: {
    reasons: FieldIssue[];
    allowed: boolean;
  };
  timeline: TimelineEntry[];
  operations: Operation[];
}
export interface RequestPage {
  items: RequestSummary[];
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  total: number;
  /**
   * Present where more are there than were counted: a number above it says only that there are more.
   */
  countedTo?: number;
  counts: {
    pending: number;
    processing: number;
    waiting_for_person: number;
    left_over: number;
    complete: number;
    complete_with_exceptions: number;
    error: number;
    skipped: number;
    cancelled: number;
  };
}
export interface OperationPage {
  items: Operation[];
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  total: number;
  /**
   * Present where more are there than were counted: a number above it says only that there are more.
   */
  countedTo?: number;
}
export interface ImportReport {
  /**
   * Stored durably.
   */
  accepted: number;
  /**
   * The same request was there already.
   */
  duplicates: number;
  rejected: number;
  /**
   * Kept back, since an identifier nearly always is damage; taken with `allowDoubtful`.
   */
  doubtful: number;
  /**
   * Places of the file that were mended without guessing; what concerns the whole of it counts once.
   */
  mended: number;
  /**
   * The first 1,000 lines that were rejected or kept back.
   */
  errors: {
    /**
     * 1 is the first line of the file.
     */
    line: number;
    /**
     * The column or field that it is about.
     */
    field?: string;
    /**
     * Why; of the rules about identifiers, the name of the rule.
     */
    code: string;
    /**
     * Plain words, with what to do. It repeats nothing of the line.
     */
    message: string;
    /**
     * It is kept back, and taken with `allowDoubtful`.
     */
    doubtful?: boolean;
  }[];
  /**
   * What was mended.
   */
  mendings: {
    code: string;
    /**
     * Plain words.
     */
    message: string;
    /**
     * Places of the file.
     */
    count: number;
  }[];
}
export interface ImportPlan {
  /**
   * Stored durably.
   */
  accepted: number;
  /**
   * The same request was there already.
   */
  duplicates: number;
  rejected: number;
  /**
   * Kept back, since an identifier nearly always is damage; taken with `allowDoubtful`.
   */
  doubtful: number;
  /**
   * Places of the file that were mended without guessing; what concerns the whole of it counts once.
   */
  mended: number;
  /**
   * The first 1,000 lines that were rejected or kept back.
   */
  errors: {
    /**
     * 1 is the first line of the file.
     */
    line: number;
    /**
     * The column or field that it is about.
     */
    field?: string;
    /**
     * Why; of the rules about identifiers, the name of the rule.
     */
    code: string;
    /**
     * Plain words, with what to do. It repeats nothing of the line.
     */
    message: string;
    /**
     * It is kept back, and taken with `allowDoubtful`.
     */
    doubtful?: boolean;
  }[];
  /**
   * What was mended.
   */
  mendings: {
    code: string;
    /**
     * Plain words.
     */
    message: string;
    /**
     * Places of the file.
     */
    count: number;
  }[];
  plan: DryRun;
}
export interface DryRun {
  subjects: number;
  vendorCalls: number;
  connections: ConnectionPlan[];
  /**
   * Kept back until a person says that their identifiers are meant; not counted above.
   */
  doubtful: {
    requestId: string;
    reasons: FieldIssue[];
  }[];
}
export interface ConnectionPlan {
  connection: string;
  name: string;
  subjects: number;
  identifiers: number;
  operations: number;
  vendorCalls: number;
  batches: {
    subjects: number;
    identifiers: number;
    bytes?: number;
  }[];
  estimated: boolean;
  quotaLeft?: number;
  quotaResetsAt?: string;
  /**
   * Why nothing goes out right now.
   */
  waits?: string;
  rejected: {
    requestId: string;
    error: Fault;
  }[];
  notReached: string[];
  systemsNotReached: {
    key: string;
    name: string;
    kind: 'source' | 'destination' | 'warehouse' | 'model' | 'function' | 'space';
    coverage: {
      state: 'reached' | 'forwarded' | 'needs-setup' | 'not-reached' | 'unknown';
      reason: string;
    };
  }[];
  /**
   * When systems were last looked for. Absent where they never were: then nothing is known of them.
   */
  systemsAsOf?: string;
  limits: string[];
}
export interface Overview {
  counts: {
    pending: number;
    processing: number;
    waiting_for_person: number;
    left_over: number;
    complete: number;
    complete_with_exceptions: number;
    error: number;
    skipped: number;
    cancelled: number;
  };
  open: {
    /**
     * Requests that are not settled, by `dueAt`.
     */
    onTime: number;
    /**
     * Due within a week.
     */
    dueSoon: number;
    late: number;
  };
  /**
   * Open requests whose vendor has not kept its own estimate.
   */
  slow: number;
  waiting: {
    /**
     * Requests, as the others: one that waits for several things counts for each.
     */
    batch: number;
    /**
     * The quota of the vendor is used up until its reset.
     */
    quota: number;
    /**
     * The vendor asked for fewer calls.
     */
    rate: number;
    /**
     * The vendor failed or could not be reached; it is tried again later.
     */
    vendor: number;
    reconnect: number;
    paused: number;
  };
  daysToComplete: {
    median?: number;
    p90?: number;
    /**
     * Within 90 days.
     */
    concluded: number;
  };
  durations: {
    upTo?: number;
    count: number;
  }[];
  days: {
    /**
     * YYYY-MM-DD.
     */
    day: string;
    accepted: number;
    concluded: number;
    withTrouble: number;
  }[];
  connections: {
    connection: string;
    open: number;
    /**
     * Open past the time that the law gives.
     */
    late: number;
    /**
     * Open past the vendor's own estimate.
     */
    slow: number;
    errors: number;
  }[];
}
export interface Connector {
  id: string;
  version?: string;
  packageName: string;
  state: 'ready' | 'refused';
  /**
   * The manifest, as connector-contract describes it.
   */
  manifest?: {
    [k: string]: unknown;
  };
  /**
   * JSON Schema of the configuration form.
   */
  form?: {
    [k: string]: unknown;
  };
  /**
   * Why it was refused; so are the next two.
   */
  code?: string;
  reason?: string;
  remedy?: string;
  /**
   * Whether the caller's role may make a connection.
   */
  mayConnect: boolean;
}
export interface Connection {
  id: string;
  connector: string;
  name: string;
  /**
   * `reconnect`: the credential stopped working; work waits for a new one.
   */
  state: 'active' | 'paused' | 'reconnect';
  capabilities: string[];
  /**
   * Secrets as {"set": true}.
   */
  config: {
    [k: string]: unknown;
  };
  /**
   * What the check learnt.
   */
  facts: {
    [k: string]: unknown;
  };
  check?: CheckReport;
  quota?: {
    /**
     * Whose figures: the vendor's, or the host's own count where it gives none.
     */
    source: 'vendor' | 'host';
    /**
     * Identifiers that still go out before the reset.
     */
    remaining?: number;
    consumed?: number;
    /**
     * Identifiers in a period, by the setting or the manifest.
     */
    limit?: number;
    resetsAt?: string;
    readAt: string;
    /**
     * What is counted, where the vendor counts kinds of deletions apart.
     */
    group?: string;
  };
  settings: ConnectionSettings;
  contact?: Contact;
  held?: {
    until: string;
    code: string;
  };
  createdAt: string;
  updatedAt: string;
}
export interface ConnectionSettings {
  repeatUncertain: boolean;
  /**
   * Instead of what the manifest says.
   */
  monthlyQuota?: number;
}
export interface Contact {
  /**
   * Of the person or team that is asked.
   */
  name: string;
  /**
   * Where the messages go.
   */
  email: string;
  /**
   * By which the contact knows the account.
   */
  accountId?: string;
  /**
   * What the contact is told with each request. Nothing about a person.
   */
  notes?: string;
  /**
   * Where nobody answers in time: `skip` goes on without the answer, `pause` stands still until a person decides. Default `pause`.
   */
  whenSilent: 'skip' | 'pause';
}
export interface RemovedConnection {
  id: string;
  connector: string;
  name: string;
  removedAt: string;
}
export interface RemovedConnectionList {
  items: RemovedConnection[];
  total: number;
}
export interface ConnectionList {
  items: Connection[];
  total: number;
}
export interface ConnectorList {
  items: Connector[];
  total: number;
}
export interface Validation {
  valid: boolean;
  issues: FieldIssue[];
}
export interface Removal {
  /**
   * Tasks that were never submitted; they end in error.
   */
  tasksNotSubmitted: number;
  /**
   * Tasks the vendor may carry out although nobody follows them any more.
   */
  tasksNotFollowed: number;
  operationsCancelled: number;
  operationsNotFollowed: number;
}
export interface System {
  connection: string;
  /**
   * The same in every detection of the connection.
   */
  key: string;
  name: string;
  /**
   * The vendor's own id of it, where the results of deletions name it by that.
   */
  vendorId?: string;
  kind: 'source' | 'destination' | 'warehouse' | 'model' | 'function' | 'space';
  vendor: {
    name: string;
    slug: string;
    domain?: string;
    logo?: string;
  };
  categories: string[];
  enabled?: boolean;
  seenIn: string[];
  connectedTo: string[];
  /**
   * No system, but a list that the vendor refused: which systems of this kind there are is not known.
   */
  unlisted?: true;
  coverage: {
    /**
     * What a deletion does there.
     */
    state: 'reached' | 'forwarded' | 'needs-setup' | 'not-reached' | 'unknown';
    /**
     * Plain words.
     */
    reason: string;
    source: {
      title: string;
      url: string;
      asOf: string;
    };
  };
  firstSeen: string;
  lastSeen: string;
  state: 'active' | 'gone' | 'archived';
  treatment?: {
    /**
     * `by-hand`: somebody erases people there. `holds-nobody`: no people are in it. `covered-elsewhere`: another connection reaches it. `accepted`: it is left as it is.
     */
    kind: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
    /**
     * Why. Names no person of a request.
     */
    reason: string;
    /**
     * For `by-hand`: who erases people there.
     */
    owner?: string;
    /**
     * For `by-hand`: how.
     */
    instructions?: string;
    /**
     * For `by-hand`: within how many.
     */
    days?: number;
    /**
     * For `covered-elsewhere`: id of the connection that reaches it.
     */
    coveredBy?: string;
    /**
     * The day from which on the decision is asked for again; until somebody decides anew, it counts.
     */
    lookAgainOn?: string;
    /**
     * The day to look at it again had come: it is asked for again, and counts until somebody decides anew.
     */
    askedAgainAt?: string;
    /**
     * Id of who decided.
     */
    by: string;
    at: string;
  };
  archiving?: {
    /**
     * Id of who archived it.
     */
    by: string;
    at: string;
    reason: string;
  };
  /**
   * Since the detection before.
   */
  change?: 'new' | 'changed' | 'gone';
  changes: string[];
}
export interface SystemPage {
  items: System[];
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  total: number;
  /**
   * Present where more are there than were counted: a number above it says only that there are more.
   */
  countedTo?: number;
}
export interface SystemSummary {
  /**
   * Systems that keep records beside the vendor, archived or not: destinations, warehouses, and sources that a deletion does not reach.
   */
  total: number;
  /**
   * `reached` and `forwarded`.
   */
  reached: number;
  /**
   * `needs-setup` and `not-reached`, as far as nobody decided about them, or it is to be looked at again.
   */
  needYou: number;
  /**
   * About which somebody decided, and it is not to be looked at again yet.
   */
  decided: number;
  /**
   * `unknown`, as far as nobody decided about them, or it is to be looked at again.
   */
  unknown: number;
  byCoverage: {
    reached: number;
    forwarded: number;
    'needs-setup': number;
    'not-reached': number;
    unknown: number;
  };
  byKind: {
    source: {
      total: number;
      reached: number;
      needYou: number;
    };
    destination: {
      total: number;
      reached: number;
      needYou: number;
    };
    warehouse: {
      total: number;
      reached: number;
      needYou: number;
    };
    model: {
      total: number;
      reached: number;
      needYou: number;
    };
    function: {
      total: number;
      reached: number;
      needYou: number;
    };
    space: {
      total: number;
      reached: number;
      needYou: number;
    };
  };
  gone: number;
  archived: number;
}
export interface Detection {
  id: number;
  connection: string;
  trigger: 'manual' | 'scheduled' | 'connected';
  state: 'running' | 'complete' | 'failed';
  startedAt: string;
  finishedAt?: string;
  found: number;
  added: number;
  changed: number;
  gone: number;
  error?: Fault;
}
export interface DetectionList {
  items: Detection[];
  total: number;
}
export interface WorkItem {
  id: number;
  /**
   * `erase-elsewhere`: a system that deletions left over. `direct-contact`: an access request waits for an answer. `decide-submission`: nobody knows whether the vendor has a batch. `reconnect`: a connection stopped working. `decide-system`: nobody decided about a system that a deletion is not known to reach. `doubtful-identifiers`: requests wait for a word about their identifiers.
   */
  kind:
    'erase-elsewhere' | 'direct-contact' | 'decide-submission' | 'reconnect' | 'decide-system' | 'doubtful-identifiers';
  state: 'open' | 'done' | 'not_needed' | 'could_not';
  /**
   * What is to be done, in plain words.
   */
  text: string;
  connection?: string;
  connectionName?: string;
  /**
   * Key in the inventory, or the name that the vendor gives one that is not there.
   */
  system?: string;
  systemName?: string;
  /**
   * For `decide-submission`.
   */
  operation?: number;
  /**
   * For `direct-contact`.
   */
  requestId?: string;
  /**
   * For `direct-contact`: the task of the request that waits.
   */
  task?: number;
  ask?: {
    /**
     * What the contact knows the request by.
     */
    reference: string;
    contact?: Contact;
    askedAt: string;
    /**
     * 14 days later, or the legal date where that is earlier.
     */
    answerBy: string;
    /**
     * That were made for the contact: the first, and its reminders.
     */
    messages: number;
    /**
     * When the mail server first took one.
     */
    writtenAt?: string;
    /**
     * When the next one, or the end of the wait, is due.
     */
    nextAt?: string;
    /**
     * When the time was over without an answer.
     */
    silentAt?: string;
  };
  owner?: {
    /**
     * A person or a group.
     */
    name: string;
    /**
     * Theirs.
     */
    email?: string;
  };
  /**
   * Never after the earliest legal date of the people in it.
   */
  dueAt?: string;
  /**
   * Past, within a week, or later.
   */
  due?: 'overdue' | 'soon' | 'later';
  /**
   * Of the deletions in it: somebody in several of them counts in each.
   */
  people: number;
  openedAt: string;
  /**
   * When its list of people was first downloaded: nothing joins it any more.
   */
  listedAt?: string;
  /**
   * How people are erased there, as was decided about the system. Markdown.
   */
  instructions?: string;
  treatment?: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
  ended?: {
    /**
     * When it was written down.
     */
    at: string;
    /**
     * Id of who wrote it down; absent where it ended by itself.
     */
    by?: string;
    why?: string;
    doneBy?: string;
    doneAt?: string;
    evidence?: {
      /**
       * Such as the number of a ticket. Names no person of a request.
       */
      text?: string;
      /**
       * Address of a page.
       */
      link?: string;
      /**
       * How many files were sent with it.
       */
      files?: number;
    };
    /**
     * The decision about the system that ended it.
     */
    treatment?: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
  };
}
export interface WorkPage {
  items: WorkItem[];
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  total: number;
  /**
   * Present where more are there than were counted: a number above it says only that there are more.
   */
  countedTo?: number;
}
export interface WorkDetail {
  id: number;
  /**
   * `erase-elsewhere`: a system that deletions left over. `direct-contact`: an access request waits for an answer. `decide-submission`: nobody knows whether the vendor has a batch. `reconnect`: a connection stopped working. `decide-system`: nobody decided about a system that a deletion is not known to reach. `doubtful-identifiers`: requests wait for a word about their identifiers.
   */
  kind:
    'erase-elsewhere' | 'direct-contact' | 'decide-submission' | 'reconnect' | 'decide-system' | 'doubtful-identifiers';
  state: 'open' | 'done' | 'not_needed' | 'could_not';
  /**
   * What is to be done, in plain words.
   */
  text: string;
  connection?: string;
  connectionName?: string;
  /**
   * Key in the inventory, or the name that the vendor gives one that is not there.
   */
  system?: string;
  systemName?: string;
  /**
   * For `decide-submission`.
   */
  operation?: number;
  /**
   * For `direct-contact`.
   */
  requestId?: string;
  /**
   * For `direct-contact`: the task of the request that waits.
   */
  task?: number;
  ask?: {
    /**
     * What the contact knows the request by.
     */
    reference: string;
    contact?: Contact;
    askedAt: string;
    /**
     * 14 days later, or the legal date where that is earlier.
     */
    answerBy: string;
    /**
     * That were made for the contact: the first, and its reminders.
     */
    messages: number;
    /**
     * When the mail server first took one.
     */
    writtenAt?: string;
    /**
     * When the next one, or the end of the wait, is due.
     */
    nextAt?: string;
    /**
     * When the time was over without an answer.
     */
    silentAt?: string;
  };
  owner?: {
    /**
     * A person or a group.
     */
    name: string;
    /**
     * Theirs.
     */
    email?: string;
  };
  /**
   * Never after the earliest legal date of the people in it.
   */
  dueAt?: string;
  /**
   * Past, within a week, or later.
   */
  due?: 'overdue' | 'soon' | 'later';
  /**
   * Of the deletions in it: somebody in several of them counts in each.
   */
  people: number;
  openedAt: string;
  /**
   * When its list of people was first downloaded: nothing joins it any more.
   */
  listedAt?: string;
  /**
   * How people are erased there, as was decided about the system. Markdown.
   */
  instructions?: string;
  treatment?: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
  ended?: {
    /**
     * When it was written down.
     */
    at: string;
    /**
     * Id of who wrote it down; absent where it ended by itself.
     */
    by?: string;
    why?: string;
    doneBy?: string;
    doneAt?: string;
    evidence?: {
      /**
       * Such as the number of a ticket. Names no person of a request.
       */
      text?: string;
      /**
       * Address of a page.
       */
      link?: string;
      /**
       * How many files were sent with it.
       */
      files?: number;
    };
    /**
     * The decision about the system that ended it.
     */
    treatment?: 'by-hand' | 'holds-nobody' | 'covered-elsewhere' | 'accepted';
  };
  history: {
    at: string;
    kind: string;
    /**
     * Plain words.
     */
    text: string;
    /**
     * Id of who did it.
     */
    actor?: string;
  }[];
  /**
   * What the caller may do with it.
   */
  may: ('people' | 'assign' | 'close' | 'reopen')[];
}
export interface WorkCounts {
  open: number;
  /**
   * Of those.
   */
  overdue: number;
  /**
   * Of those: the caller's.
   */
  mine: number;
  /**
   * Present where more are there than were counted: a number above it says only that there are more.
   */
  countedTo?: number;
}
export interface AccessToken {
  id: string;
  name: string;
  role: 'super-admin' | 'connections-manager' | 'privacy-manager' | 'auditor' | 'viewer';
  /**
   * Of whoever holds it: they see and end the work that is theirs.
   */
  email?: string;
  createdAt: string;
  expiresAt?: string;
  revokedAt?: string;
  state: 'active' | 'expired' | 'revoked';
}
export interface AccessTokenList {
  items: AccessToken[];
}
export interface SessionList {
  items: {
    id: string;
    /**
     * The access token it stands for.
     */
    token: string;
    name: string;
    /**
     * Whence it was begun.
     */
    address: string;
    createdAt: string;
    lastActiveAt: string;
    /**
     * At the latest.
     */
    endsAt: string;
    current: boolean;
  }[];
  total: number;
}
export interface MadeAccessToken {
  /**
   * Shown this once.
   */
  token: string;
  view: AccessToken;
}
export interface Notice {
  id: string;
  channel: 'email' | 'webhook';
  to: {
    /**
     * E-mail address.
     */
    address?: string;
    /**
     * Everybody with a token of this role that carries an e-mail address.
     */
    role?: 'super-admin' | 'connections-manager' | 'privacy-manager' | 'auditor' | 'viewer';
    /**
     * Whoever owns the work that it is about.
     */
    owner?: boolean;
    /**
     * Of a webhook; its address never comes back.
     */
    origin?: string;
  };
  kinds: NoticeKind[];
  /**
   * Times of day, such as 22:00 and 07:00, between which nothing is sent.
   */
  quiet?: {
    from: string;
    until: string;
  };
  /**
   * Of the quiet hours and of times in messages.
   */
  zone: string;
  active: boolean;
  switchedOff?: {
    at: string;
    /**
     * The receiver took nothing for three days, or said that it wants nothing.
     */
    why: 'silent' | 'gone';
  };
  createdAt: string;
}
export interface NoticeList {
  items: Notice[];
  total: number;
  kinds: {
    kind: NoticeKind;
    label: string;
  }[];
  /**
   * Whether the host has a mail server.
   */
  mail: boolean;
}
export interface MadeNotice {
  notice: Notice;
  /**
   * Of a webhook, for checking signatures; shown this once.
   */
  secret?: string;
}
export interface Delivery {
  /**
   * By which its receiver knows it, too.
   */
  id: string;
  /**
   * Absent for a message to a contact.
   */
  notice?: string;
  channel: 'email' | 'webhook';
  /**
   * E-mail address, or the origin of a webhook.
   */
  to: string;
  kind:
    | 'connection.reconnect'
    | 'requests.deadlines'
    | 'quota.used_up'
    | 'submission.undecided'
    | 'system.not_reached'
    | 'system.asked_again'
    | 'import.ended'
    | 'disk.nearly_full'
    | 'work.assigned'
    | 'work.due_tomorrow'
    | 'work.overdue'
    | 'contact.silent'
    | 'notice.switched_off'
    | 'contact.asked'
    | 'contact.reminded'
    | 'test';
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  createdAt: string;
  attemptedAt?: string;
  /**
   * When it is tried.
   */
  nextAt?: string;
  endedAt?: string;
  failure?: {
    code: string;
    message: string;
  };
}
export interface DeliveryPage {
  items: Delivery[];
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  total: number;
  /**
   * Present where more are there than were counted: a number above it says only that there are more.
   */
  countedTo?: number;
}
