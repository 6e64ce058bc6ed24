import {
  CALL_BEGINS_WITHIN_MS,
  type CancelOutcome,
  type CheckReport,
  type Connector,
  type ConnectorContext,
  ConnectorFault,
  type DeletionCapability,
  type DeletionPlan,
  type DetectedSystem,
  type FaultData,
  type FieldIssue,
  faultData,
  type Operation,
  type OperationStatus,
  type PermissionOutcome,
  type ReconcileOutcome,
  resolveConfig,
  type Subject,
  type SubmitOutcome,
  type SystemDetectionCapability,
  type ValidationReport,
} from '../../../src/index.js';
import { AcmeTrouble, ask, type Transport } from './client.js';
import { ACME_TIMEOUT_MS, acmeManifest } from './manifest.js';

/** Subjects and identifiers of one job. */
const MOST = 4;

/** A small connector that keeps every rule. Its parts are methods, so that a broken variant changes just one. */
export class AcmeConnector implements Connector {
  transport: Transport = {};
  manifest = acmeManifest;

  validate(config: unknown): ValidationReport {
    const { issues } = resolveConfig(this.manifest, config, { endpointsAllowed: true });
    return { valid: issues.length === 0, issues: issues.map((issue): FieldIssue => ({ ...issue })) };
  }

  async check(ctx: ConnectorContext): Promise<CheckReport> {
    try {
      const { data } = await ask(ctx, 'GET', '/me', undefined, this.transport);
      if (!Array.isArray(data['scopes'])) throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'Acme said nothing.', true);
      return this.report(data['scopes'], { account: String(data['account']) });
    } catch (caught) {
      return this.failed(caught);
    }
  }

  report(scopes: readonly unknown[], facts: CheckReport['facts']): CheckReport {
    const permissions = acmeManifest.permissions.map(({ id, grantedBy }): PermissionOutcome => {
      if (scopes.includes(id)) return { permission: id, outcome: 'granted', message: 'The token has it.' };
      return { permission: id, outcome: 'denied', code: 'PERMISSION_MISSING', message: 'Missing.', remedy: grantedBy };
    });
    const denied = permissions.some((one) => one.outcome === 'denied');
    return { status: denied ? 'blocked' : 'ready', permissions, problems: [], facts };
  }

  failed(caught: unknown): CheckReport {
    if (!(caught instanceof ConnectorFault) || caught.code === 'ABORTED') throw caught;
    const permissions = acmeManifest.permissions.map(
      ({ id }): PermissionOutcome => ({ permission: id, outcome: 'skipped', message: 'Nothing could be asked.' }),
    );
    return { status: 'blocked', permissions, problems: [faultData(caught)], facts: {} };
  }
}

/** Deletion at Acme. */
export class AcmeDeletion implements DeletionCapability {
  transport: Transport = {};
  /** Until then, counted from the attempt, a lost call can still arrive. */
  inFlightMs = CALL_BEGINS_WITHIN_MS + 2 * ACME_TIMEOUT_MS;

  plan(subjects: readonly Subject[]): DeletionPlan {
    const fit = subjects.map((subject) => this.usable(subject)).filter((subject) => subject.identifiers.length > 0);
    const rejected = subjects
      .filter((subject) => this.usable(subject).identifiers.length === 0)
      .map(({ id }) => ({ subjectId: id, fault: this.nothingUsable() }));
    return { operations: this.pack(fit), rejected };
  }

  nothingUsable(): FaultData {
    return ConnectorFault.of('IDENTIFIER_MISSING', 'The subject has no identifier that Acme takes.').toJSON();
  }

  usable({ id, identifiers }: Subject): Subject {
    const known = identifiers.filter(({ kind }) => kind === 'email' || kind === 'user_id');
    const first = known.filter(
      (one, index) => known.findIndex((two) => two.kind === one.kind && two.value === one.value) === index,
    );
    return { id, identifiers: first };
  }

  pack(subjects: readonly Subject[]): Operation[] {
    const groups: Subject[][] = [];
    for (const subject of subjects) {
      const last = groups.at(-1);
      if (last !== undefined && this.fits([...last, subject])) last.push(subject);
      else groups.push([subject]);
    }
    return groups.map((group) => this.operation(group));
  }

  fits(subjects: readonly Subject[]): boolean {
    return subjects.length <= MOST && idsOf(subjects).length <= 2 * MOST;
  }

  operation(subjects: readonly Subject[]): Operation {
    const ids = idsOf(subjects);
    return { subjects, identifierCount: ids.length, bytes: Buffer.byteLength(JSON.stringify({ ids })) };
  }

  async submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    try {
      return await this.send(operation, ctx);
    } catch (caught) {
      return this.notAccepted(caught, operation);
    }
  }

  async send(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    const { data } = await ask(ctx, 'POST', '/jobs', { ids: idsOf(operation.subjects) }, this.transport);
    if (typeof data['id'] !== 'string') throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'No id.', true);
    return { accepted: true, reference: data['id'] };
  }

  notAccepted(caught: unknown, operation: Operation): SubmitOutcome {
    if (!(caught instanceof AcmeTrouble)) throw caught;
    const certain = caught.mayHaveArrived ? 'unknown' : 'not-taken';
    const instead =
      caught.code === 'INPUT_REFUSED' && operation.identifierCount > 1 ? this.parts(operation) : undefined;
    return { accepted: false, certain, fault: faultData(caught), ...(instead === undefined ? {} : { instead }) };
  }

  parts({ subjects }: Operation): Operation[] {
    return subjects.flatMap(({ id, identifiers }) =>
      identifiers.map((one) => this.operation([{ id, identifiers: [one] }])),
    );
  }

  async reconcile(
    operation: Operation,
    attemptedAt: string,
    ctx: ConnectorContext,
    claimed: readonly string[] = [],
  ): Promise<ReconcileOutcome> {
    const askedAt = ctx.clock.now();
    const { data } = await ask(ctx, 'GET', '/jobs', undefined, this.transport);
    if (!Array.isArray(data['jobs'])) throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'No jobs.', true);
    const jobs = data['jobs'] as readonly { id: string; ids: readonly string[] }[];
    const found = this.match(jobs, idsOf(operation.subjects), claimed);
    const over = Date.parse(attemptedAt) + this.inFlightMs;
    return found.found === 'absent' && askedAt < over ? { found: 'not-yet', retryAfterMs: over - askedAt } : found;
  }

  match(
    jobs: readonly { id: string; ids: readonly string[] }[],
    ids: readonly string[],
    claimed: readonly string[],
  ): ReconcileOutcome {
    const own = jobs.find((job) => !claimed.includes(job.id) && JSON.stringify(job.ids) === JSON.stringify(ids));
    return own === undefined ? { found: 'absent' } : { found: 'accepted', reference: own.id };
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    const { data } = await ask(ctx, 'GET', `/jobs/${reference}`, undefined, this.transport);
    return this.read(data);
  }

  read(data: Readonly<Record<string, unknown>>): OperationStatus {
    const states = {
      queued: 'accepted',
      running: 'processing',
      done: 'completed',
      failed: 'failed',
      cancelled: 'cancelled',
    } as const;
    const vendorState = String(data['state']);
    const state = states[vendorState as keyof typeof states];
    if (state === undefined) throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'Acme names an unknown state.', true);
    const exceptions = state === 'failed' ? [{ system: 'Acme', reason: 'Acme says that it failed.' }] : [];
    return { state, vendorState, destinations: [], exceptions };
  }

  async cancel(reference: string, ctx: ConnectorContext): Promise<CancelOutcome> {
    await ask(ctx, 'DELETE', `/jobs/${reference}`, undefined, this.transport);
    return { cancelled: true };
  }
}

/** Systems that Acme names. */
export class AcmeDetection implements SystemDetectionCapability {
  transport: Transport = {};

  async *detect(ctx: ConnectorContext): AsyncIterable<DetectedSystem> {
    yield* await this.all(ctx);
  }

  async all(ctx: ConnectorContext): Promise<readonly DetectedSystem[]> {
    const { data } = await ask(ctx, 'GET', '/systems', undefined, this.transport);
    if (!Array.isArray(data['systems'])) throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'No systems.', true);
    const names = data['systems'] as readonly string[];
    return names.map((name) => this.system(name, names));
  }

  system(name: string, names: readonly string[]): DetectedSystem {
    return {
      key: keyOf(name),
      name,
      kind: name === 'Warehouse' ? 'warehouse' : 'source',
      vendor: { name, slug: keyOf(name), domain: 'acme.example', logo: 'https://acme.example/logo.svg' },
      categories: ['demo'],
      enabled: true,
      seenIn: ['Acme account'],
      connectedTo: names.filter((other) => other !== name).map(keyOf),
      coverage: {
        state: 'reached',
        reason: 'Acme erases there itself.',
        source: { title: 'Acme help', url: 'https://acme.example/help', asOf: '2026-01-31' },
      },
    };
  }
}

function keyOf(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

/** Distinct identifier values of people, as a job names them. */
export function idsOf(subjects: readonly Subject[]): string[] {
  return [...new Set(subjects.flatMap((subject) => subject.identifiers.map((one) => one.value)))];
}
