import {
  type CancelOutcome,
  type CheckReport,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type ConnectorManifest,
  type DeletionPlan,
  type DetectedSystem,
  faultData,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubmitOutcome,
  type ValidationReport,
} from 'connector-contract';
import type { ConnectorParts } from 'connector-contract/loading';
import { cancelOutcome, reconcileOutcome, shaped } from './answers.js';
import { Boundary, type CallTerms, connectorBug } from './boundary.js';
import { completeReport, failedReport } from './check-report.js';
import { copyOperation, copySubjects, readPlan, readRefusal, readResults } from './operations.js';
import {
  growingRedactor,
  type Redact,
  redactAll,
  redactFault,
  redactor,
  redactStatus,
  secretsOf,
  secretValues,
} from './redact.js';
import type { ConnectorRunner } from './runner.js';

/** How patient a runner is: a call's deadline is the manifest's `limits.timeoutMs`, which is for one request, times a factor. */
export interface RunnerPatience {
  /** For calls that make one request, with the retries of a safe one. Default 4. */
  readonly single?: number;
  /** For calls that make several: check, one page of a detection. Default 10. */
  readonly several?: number;
  /**
   * For a reconcile, which may go through all that a vendor keeps. Default 40: Segment lists up to 330,000 regulations (a month's quota for
   * each of 90 days, one person each), which are 1,650 pages where it caps them at 200.
   */
  readonly searching?: number;
  /** Milliseconds after which a call that was called off is left behind. Default 2,000. */
  readonly graceMs?: number;
}

// Less than a transaction may stand idle: people are planned within one.
const computingMs = 25_000;
const entryMs = 15_000;
// A submission must begin within CALL_BEGINS_WITHIN_MS of the host's note of it, or not at all.
const submissionEntryMs = 1_500;

/**
 * Keeps the contract on the connector's behalf: copies, deadlines, shapes, counts, redaction. What it guards may be the plugin's own
 * objects, or stand-ins that speak to another process: all answers are awaited.
 */
export class GuardedRunner implements ConnectorRunner {
  readonly cancel?: (reference: string, ctx: ConnectorContext) => Promise<CancelOutcome>;

  constructor(
    readonly manifest: ConnectorManifest,
    private readonly parts: ConnectorParts,
    private readonly patience: RunnerPatience = {},
  ) {
    if (manifest.deletion?.cancellable === true) {
      this.cancel = (reference, ctx) => this.#cancel(reference, ctx);
    }
  }

  async validate(config: unknown): Promise<ValidationReport> {
    const secrets = isRecord(config) ? secretValues(this.manifest, config as ConnectorConfig) : [];
    const redact = redactor(secrets);
    const given: unknown = structuredClone(config);
    return this.#inside(() =>
      new Boundary(this.#computing(redact)).run(
        'validate',
        () => this.parts.connector.validate(given),
        (answer) => redactAll(shaped('validation', answer), redact),
      ),
    );
  }

  async check(ctx: ConnectorContext): Promise<CheckReport> {
    const redact = this.#redactor(ctx);
    try {
      return await this.#call('check', this.#several(redact), ctx, {
        work: (inner) => this.parts.connector.check(inner),
        read: (answer) => redactAll(completeReport(shaped('check', answer), this.manifest, ctx.capabilities), redact),
      });
    } catch (error) {
      const fault = faultOf(error);
      if (fault.code === 'ABORTED' && ctx.signal.aborted) throw fault;
      return failedReport(this.manifest, faultData(fault));
    }
  }

  async plan(subjects: readonly Subject[], config: ConnectorConfig): Promise<DeletionPlan> {
    const { part, terms } = this.#deletion();
    const redact = redactor(secretValues(this.manifest, config));
    const given = copySubjects(subjects);
    const settings = structuredClone(config);
    return this.#inside(() =>
      new Boundary(this.#computing(redact)).run(
        'plan',
        () => part.plan(given, settings),
        (answer) => readPlan(answer, subjects, terms.batch, redact),
      ),
    );
  }

  async submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    if (ctx.signal.aborted) {
      const fault = ConnectorFault.of('ABORTED', 'The host called the submission off before it began.');
      return { accepted: false, certain: 'not-taken', fault: faultData(fault) };
    }
    let leave: (() => void) | undefined;
    try {
      leave = await this.parts.enter?.(submissionEntryMs);
    } catch (error) {
      return { accepted: false, certain: 'not-taken', fault: faultData(faultOf(error)) };
    }
    try {
      const { part, terms } = this.#deletion();
      const redact = this.#redactor(ctx, operation.subjects);
      return await this.#called<SubmitOutcome>('submit', this.#single(redact), ctx, {
        work: (inner) => part.submit(copyOperation(operation), inner),
        read: (answer) =>
          isRecord(answer) && answer['accepted'] === true
            ? readResults(shaped('accepted', answer), operation, redact)
            : readRefusal(answer, operation, terms.batch, redact),
      });
    } catch (error) {
      return { accepted: false, certain: 'unknown', fault: faultData(faultOf(error)) };
    } finally {
      leave?.();
    }
  }

  async reconcile(
    operation: Operation,
    attemptedAt: string,
    ctx: ConnectorContext,
    claimed: readonly string[] = [],
    progress?: string,
  ): Promise<ReconcileOutcome> {
    const { part } = this.#deletion();
    const redact = this.#redactor(ctx, operation.subjects);
    return this.#call('reconcile', this.#searching(redact), ctx, {
      work: (inner) => part.reconcile(copyOperation(operation), attemptedAt, inner, [...claimed], progress),
      read: (answer) => {
        const outcome = reconcileOutcome(answer);
        if (outcome.found === 'accepted') return readResults(outcome, operation, redact);
        return outcome.found === 'undecidable' ? { ...outcome, fault: redactFault(outcome.fault, redact) } : outcome;
      },
    });
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    const { part } = this.#deletion();
    const redact = this.#redactor(ctx);
    return this.#call('status', this.#single(redact), ctx, {
      work: (inner) => part.status(reference, inner),
      read: (answer) => redactStatus(shaped('status', answer), redact),
    });
  }

  async *detect(ctx: ConnectorContext): AsyncGenerator<DetectedSystem, void, undefined> {
    const { systemDetection } = this.parts;
    if (systemDetection === undefined) throw notSupported('system detection');
    const redact = this.#redactor(ctx);
    const leave = await this.parts.enter?.(entryMs);
    const boundary = new Boundary(this.#several(redact), ctx);
    const seen = new Set<string>();
    let iterator: AsyncIterator<unknown> | undefined;
    try {
      const opened = await boundary.run(
        'detect',
        () => ({ of: systemDetection.detect(boundary.context())[Symbol.asyncIterator]() }),
        (made) => (made as { of: AsyncIterator<unknown> }).of,
      );
      iterator = opened;
      for (;;) {
        const system = await boundary.run(
          'detect',
          () => opened.next(),
          (step) =>
            isRecord(step) && step['done'] === true
              ? undefined
              : redactAll(shaped('system', isRecord(step) ? step['value'] : step), redact),
        );
        if (system === undefined) return;
        if (seen.has(system.key)) continue;
        seen.add(system.key);
        yield system;
      }
    } finally {
      boundary.close();
      // A connector that holds a connection open between two pages gets the chance to let go of it.
      const ending = (async () => iterator?.return?.())();
      ending.catch(() => undefined);
      leave?.();
    }
  }

  async #cancel(reference: string, ctx: ConnectorContext): Promise<CancelOutcome> {
    const { part } = this.#deletion();
    const redact = this.#redactor(ctx);
    return this.#call('cancel', this.#single(redact), ctx, {
      work: (inner) => part.cancel?.(reference, inner),
      read: (answer) => {
        const outcome = cancelOutcome(answer);
        return outcome.cancelled ? outcome : { ...outcome, fault: redactFault(outcome.fault, redact) };
      },
    });
  }

  async #call<T>(
    method: string,
    terms: CallTerms,
    ctx: ConnectorContext,
    how: { work(inner: ConnectorContext): unknown; read(answer: unknown): T },
  ): Promise<T> {
    return this.#inside(() => this.#called(method, terms, ctx, how));
  }

  async #inside<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.parts.enter?.(entryMs);
    try {
      return await work();
    } finally {
      leave?.();
    }
  }

  async #called<T>(
    method: string,
    terms: CallTerms,
    ctx: ConnectorContext,
    { work, read }: { work(inner: ConnectorContext): unknown; read(answer: unknown): T },
  ): Promise<T> {
    const boundary = new Boundary(terms, ctx);
    try {
      return await boundary.run(method, () => work(boundary.context()), read);
    } finally {
      boundary.close();
    }
  }

  #deletion(): { part: NonNullable<ConnectorParts['deletion']>; terms: NonNullable<ConnectorManifest['deletion']> } {
    const { deletion: part } = this.parts;
    const { deletion: terms } = this.manifest;
    if (part === undefined || terms === undefined) throw notSupported('deletion');
    return { part, terms };
  }

  #redactor(ctx: ConnectorContext, subjects: readonly Subject[] = []): Redact {
    const people = subjects.flatMap((subject) => subject.identifiers.map((one) => one.value));
    return growingRedactor(() => secretsOf(this.manifest, ctx), people);
  }

  #single(redact: Redact): CallTerms {
    return this.#terms(redact, this.manifest.limits.timeoutMs * (this.patience.single ?? 4));
  }

  #several(redact: Redact): CallTerms {
    return this.#terms(redact, this.manifest.limits.timeoutMs * (this.patience.several ?? 10));
  }

  #searching(redact: Redact): CallTerms {
    return this.#terms(redact, this.manifest.limits.timeoutMs * (this.patience.searching ?? 40));
  }

  #computing(redact: Redact): CallTerms {
    return this.#terms(redact, computingMs);
  }

  #terms(redact: Redact, deadlineMs: number): CallTerms {
    return { deadlineMs, graceMs: this.patience.graceMs ?? 2000, redact };
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function faultOf(error: unknown): ConnectorFault {
  return error instanceof ConnectorFault ? error : connectorBug('a call', 'the host could not read its answer');
}

function notSupported(what: string): ConnectorFault {
  return ConnectorFault.of('NOT_SUPPORTED', `This connector does not offer ${what}.`);
}
