/**
 * A vendor kept in memory, with its connector, that does as it is told: loses answers before or after acceptance, refuses one
 * identifier, asks for patience, finishes in any state. Used through the {@link ConnectorRunner} port, as a real connector is.
 */
import {
  type CancelOutcome,
  type CheckReport,
  type ConnectorConfig,
  ConnectorFault,
  type ConnectorManifest,
  type DeletionPlan,
  type DetectedSystem,
  type FaultData,
  faultData,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubjectResult,
  type SubmitOutcome,
  type ValidationReport,
} from 'connector-contract';
import type { ConnectorRunner } from '../../src/plugins/runner.js';

/** What the vendor keeps of a deletion it took. */
export interface VendorRecord {
  readonly reference: string;
  readonly values: readonly string[];
  status: OperationStatus;
}

/** What happens at one submission, instead of its being taken. */
export type Trouble =
  /** The call never arrives, and nobody knows. */
  | 'lost-before'
  /** The call arrives and its answer is lost. */
  | 'lost-after'
  /** The connector throws after the vendor took it. */
  | 'throws-after'
  | {
      readonly fault: FaultData;
      readonly quota?: { readonly remaining?: number; readonly consumed?: number; readonly resetsAt?: string };
    };

/** A fault of the contract, as data. */
export const fault = (...given: Parameters<typeof ConnectorFault.of>): FaultData =>
  faultData(ConnectorFault.of(...given));

const working: OperationStatus = { state: 'processing', vendorState: 'RUNNING', destinations: [], exceptions: [] };

/** Terms that a test may change. */
export type Terms = Partial<NonNullable<ConnectorManifest['deletion']>>;

function manifestOf(terms: Terms): ConnectorManifest {
  return {
    manifestVersion: 1,
    id: 'scripted',
    version: '1.0.0',
    displayName: 'Scripted',
    summary: 'A vendor that does as it is told.',
    vendor: { name: 'Scripted', url: 'https://scripted.example' },
    categories: ['test'],
    products: ['request-manager'],
    entry: { module: '.' },
    contract: { range: '^1.0.0' },
    access: { type: 'direct-contact' },
    deletion: {
      type: 'asynchronous',
      granularity: 'whole-record',
      completion: {
        field: 'behavior',
        choices: ['wait-for-completion', 'complete-on-submit'],
        default: 'wait-for-completion',
      },
      batch: { maxIdentifiers: 5000 },
      statusPollable: true,
      cancellable: true,
      slaDays: 30,
      recordKeptDays: 90,
      vendorStates: ['RUNNING', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'FAILED', 'CANCELLED'],
      notReached: [],
      ...terms,
    },
    identities: { kinds: [{ kind: 'user_id', label: 'User', help: 'User', required: false }], atLeast: 1 },
    limits: { rate: [], share: 0.75, timeoutMs: 10_000 },
    network: { allowedHosts: [] },
    roles: { host: ['super-admin'], vendor: [] },
    permissions: [],
    config: { groups: [], fields: [] },
    setup: { steps: [], troubleshooting: [], nextSteps: [] },
  } as unknown as ConnectorManifest;
}

/** The vendor and its connector. */
export class ScriptedVendor implements ConnectorRunner {
  readonly manifest: ConnectorManifest;
  /** Everything it ever took, by reference. */
  readonly records = new Map<string, VendorRecord>();
  /** Calls by method. */
  readonly calls = { submit: 0, reconcile: 0, status: 0, cancel: 0, plan: 0 };
  /** What befalls the next submissions, first one first. */
  readonly troubles: Trouble[] = [];
  /** What befalls the next status calls. */
  readonly statusTroubles: FaultData[] = [];
  /** What each `reconcile` was given back. */
  readonly progress: (string | undefined)[] = [];
  /** How long a lost call may still arrive, in milliseconds: until then it cannot say that there is nothing. */
  mayArriveForMs: () => number = () => 0;
  /** Answers of the next reconciliations, before it looks for real. */
  readonly reconcileAnswers: (ReconcileOutcome | FaultData)[] = [];
  /** Identifiers it refuses: the whole request, with smaller ones to take its place. */
  readonly refuses = new Set<string>();
  /** Identifiers of submissions in the order they arrived, taken or not. */
  readonly arrivals: (readonly string[])[] = [];
  /** What it answers as the references of the next deletions it takes, instead of its own. */
  readonly references: string[] = [];
  /** What it says at once that became of the people of a deletion that it takes, or finds again. */
  results: (operation: Operation) => readonly SubjectResult[] | undefined = () => undefined;
  /** What happens while a submission is on its way. */
  onSubmit: () => Promise<void> = async () => undefined;
  private made = 0;

  constructor(terms: Terms = {}) {
    this.manifest = manifestOf(terms);
  }

  /** Brings every deletion it took to this end. */
  finishAll(state: OperationStatus['state'], more: Partial<OperationStatus> = {}): void {
    for (const record of this.records.values())
      record.status = { ...working, state, vendorState: state.toUpperCase(), ...more };
  }

  /** How often it took each identifier. */
  tally(): Map<string, number> {
    const found = new Map<string, number>();
    for (const { values } of this.records.values()) for (const one of values) found.set(one, (found.get(one) ?? 0) + 1);
    return found;
  }

  async plan(subjects: readonly Subject[], _config: ConnectorConfig): Promise<DeletionPlan> {
    this.calls.plan += 1;
    const { maxIdentifiers = Number.POSITIVE_INFINITY, maxSubjects = Number.POSITIVE_INFINITY } =
      this.manifest.deletion?.batch ?? {};
    const rejected: { subjectId: string; fault: FaultData }[] = [];
    const operations: Operation[] = [];
    let subjectsNow: Subject[] = [];
    let size = 0;
    const close = () => {
      if (subjectsNow.length > 0) operations.push({ subjects: subjectsNow, identifierCount: size, bytes: size * 10 });
      subjectsNow = [];
      size = 0;
    };
    for (const { id, identifiers } of subjects) {
      const sent = identifiers.filter(({ kind }) => kind === 'user_id');
      if (sent.length === 0) {
        rejected.push({ subjectId: id, fault: fault('IDENTIFIER_MISSING', 'There is no user id.') });
        continue;
      }
      if (size + sent.length > maxIdentifiers || subjectsNow.length >= maxSubjects) close();
      subjectsNow.push({ id, identifiers: sent });
      size += sent.length;
    }
    close();
    return { operations, rejected };
  }

  async submit(operation: Operation): Promise<SubmitOutcome> {
    this.calls.submit += 1;
    await this.onSubmit();
    const values = valuesOf(operation);
    this.arrivals.push(values);
    const trouble = this.troubles.shift();
    if (trouble === 'lost-before')
      return { accepted: false, certain: 'unknown', fault: fault('TIMEOUT', 'No answer.') };
    if (typeof trouble === 'object') return { accepted: false, certain: 'not-taken', ...trouble };
    if (values.some((one) => this.refuses.has(one))) return this.refuse(operation);
    const reference = this.take(values);
    if (trouble === 'lost-after') return { accepted: false, certain: 'unknown', fault: fault('TIMEOUT', 'No answer.') };
    if (trouble === 'throws-after') throw new Error('a defect');
    return { accepted: true, reference, ...this.resultOf(operation) };
  }

  async reconcile(
    operation: Operation,
    _attemptedAt: string,
    _ctx: unknown,
    claimed: readonly string[] = [],
    progress?: string,
  ): Promise<ReconcileOutcome> {
    this.calls.reconcile += 1;
    this.progress.push(progress);
    const answer = this.reconcileAnswers.shift();
    if (answer !== undefined && 'found' in answer) return answer;
    if (answer !== undefined) throw new ConnectorFault(answer);
    const wanted = [...valuesOf(operation)].sort().join('\0');
    for (const { reference, values } of this.records.values()) {
      if (!claimed.includes(reference) && [...values].sort().join('\0') === wanted)
        return { found: 'accepted', reference, ...this.resultOf(operation) };
    }
    const retryAfterMs = this.mayArriveForMs();
    if (retryAfterMs > 0) return { found: 'not-yet', retryAfterMs };
    return { found: 'absent' };
  }

  async status(reference: string): Promise<OperationStatus> {
    this.calls.status += 1;
    const trouble = this.statusTroubles.shift();
    if (trouble !== undefined) throw new ConnectorFault(trouble);
    return this.records.get(reference)?.status ?? { ...working, state: 'expired', vendorState: '' };
  }

  async cancel(reference: string): Promise<CancelOutcome> {
    this.calls.cancel += 1;
    const record = this.records.get(reference);
    if (record === undefined) return { cancelled: false, fault: fault('NOT_FOUND', 'There is no such deletion.') };
    record.status = { ...working, state: 'cancelled', vendorState: 'CANCELLED' };
    return { cancelled: true };
  }

  async validate(): Promise<ValidationReport> {
    return { valid: true, issues: [] };
  }

  async check(): Promise<CheckReport> {
    return { status: 'ready', permissions: [], problems: [], facts: {} };
  }

  async *detect(): AsyncGenerator<DetectedSystem> {}

  /** Takes a deletion. */
  take(values: readonly string[]): string {
    this.made += 1;
    const reference = this.references.shift() ?? `ref-${this.made}`;
    this.records.set(reference, { reference, values, status: working });
    return reference;
  }

  private resultOf(operation: Operation): { result?: readonly SubjectResult[] } {
    const result = this.results(operation);
    return result === undefined ? {} : { result };
  }

  /** One identifier spoils the whole; halves take its place, until it is alone. */
  private refuse(operation: Operation): SubmitOutcome {
    const refused = fault('IDENTIFIER_REFUSED', 'One identifier is refused.');
    const pairs = operation.subjects.flatMap(({ id, identifiers }) => identifiers.map((one) => ({ id, one })));
    if (pairs.length === 1) return { accepted: false, certain: 'not-taken', fault: refused };
    const half = Math.ceil(pairs.length / 2);
    const instead = [pairs.slice(0, half), pairs.slice(half)].map((part): Operation => {
      const subjects = new Map<string, Subject>();
      for (const { id, one } of part) {
        subjects.set(id, { id, identifiers: [...(subjects.get(id)?.identifiers ?? []), one] });
      }
      return { subjects: [...subjects.values()], identifierCount: part.length, bytes: part.length * 10 };
    });
    return { accepted: false, certain: 'not-taken', fault: refused, instead };
  }
}

function valuesOf(operation: Operation): string[] {
  return operation.subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
}
