import type { ContainerModuleLoadOptions } from 'inversify';
import {
  type CheckReport,
  ConnectorFault,
  type ConnectorManifest,
  manifestMarkdown,
  ServiceIdentifier,
  type Subject,
  type SubjectResult,
} from '../../src/index.js';
import type { ContractOptions, RuleId } from '../../src/testkit/index.js';
import { type AcmeParts, acmeModule } from './acme/acme.js';
import { AcmeTrouble, ask } from './acme/client.js';
import { idsOf } from './acme/connector.js';
import { acmeManifest } from './acme/manifest.js';
import { AcmeStub } from './acme/stub.js';

/** The options for a variant whose parts were changed. */
function parts(change: (parts: AcmeParts) => void): Partial<ContractOptions> {
  return { load: async () => acmeModule(change) };
}

/** The options for a variant whose module binds otherwise. */
function binding(more: (options: ContainerModuleLoadOptions) => void): Partial<ContractOptions> {
  return { load: async () => acmeModule(undefined, more) };
}

/** The options for a variant with another manifest, and the page that goes with it. */
function manifest(changed: ConnectorManifest, more: Partial<ContractOptions> = {}): Partial<ContractOptions> {
  return { manifest: changed, documentation: manifestMarkdown(changed), ...more };
}

/** A check that first does something else. */
function checkAfter(part: AcmeParts, first: (report: CheckReport) => CheckReport): void {
  const { connector } = part;
  const good = connector.report.bind(connector);
  connector.report = (scopes, facts) => first(good(scopes, facts));
}

const { systemDetection: _detection, ...withoutDetection } = acmeManifest;

/** Says at once of each person what became of them. */
export function telling(
  { deletion }: AcmeParts,
  outcome: (subject: Subject, unknown: readonly unknown[]) => SubjectResult['outcome'],
): void {
  deletion.send = async ({ subjects }, ctx) => {
    const { data } = await ask(ctx, 'POST', '/jobs', { ids: idsOf(subjects) }, deletion.transport);
    if (typeof data['id'] !== 'string') throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'No id.', true);
    const unknown = data['unknown'] as readonly unknown[];
    const result = subjects.map((subject) => ({ id: subject.id, outcome: outcome(subject, unknown) }));
    return { accepted: true, reference: data['id'], result };
  };
}

/** The manifest of one that may say so. */
export const tellingManifest: ConnectorManifest = {
  ...acmeManifest,
  contract: { ...acmeManifest.contract, features: [...(acmeManifest.contract.features ?? []), 'subject-results'] },
};

/** The manifest of one whose vendor takes the same deletion again. */
export const repeatableManifest: ConnectorManifest = {
  ...acmeManifest,
  ...(acmeManifest.deletion === undefined ? {} : { deletion: { ...acmeManifest.deletion, repeatable: true } }),
};

/** Numbers the copies of a connector that is loaded several times. */
let copies = 0;

/** For each rule a connector that breaks it, and nothing else. */
export const brokenConnectors: Readonly<Record<RuleId, () => Partial<ContractOptions>>> = {
  M1: () => ({ manifest: { ...acmeManifest, displayNmae: 'Acme' } }),
  M2: () => ({ package: { json: { version: '9.9.9' }, manifestPath: './manifests/acme.json' } }),
  M4: () => ({ documentation: `${manifestMarkdown(acmeManifest)}\n\nSee [the limits](#limits-of-acme).` }),
  M5: () => {
    const { setup } = acmeManifest;
    const moonPhase = { code: 'MOON_PHASE', title: 'Full moon', body: 'Wait.' };
    return manifest({ ...acmeManifest, setup: { ...setup, troubleshooting: [...setup.troubleshooting, moonPhase] } });
  },
  M6: () =>
    manifest({
      ...acmeManifest,
      contract: { ...acmeManifest.contract, features: ['divided-operations', 'claimed-references', 'telepathy'] },
    }),
  M3: () => ({ documentation: manifestMarkdown({ ...acmeManifest, summary: 'What it used to do.' }) }),

  B1: () => ({ entry: new URL('./modules/noisy.mjs', import.meta.url) }),
  B2: () => manifest({ ...withoutDetection, products: ['request-manager'] }),
  B3: () => {
    const { deletion } = acmeManifest;
    return deletion === undefined ? {} : manifest({ ...acmeManifest, deletion: { ...deletion, cancellable: false } });
  },
  B4: () =>
    binding(({ onDeactivation }) => {
      onDeactivation(ServiceIdentifier.connector, () => {
        throw new Error('Acme does not want to go.');
      });
    }),
  B5: () => binding(({ bind }) => void bind('Logger').toConstantValue('Acme takes over.')),
  B6: () => {
    let closed = false;
    const change = ({ connector }: AcmeParts): void => {
      const good = connector.check.bind(connector);
      connector.check = async (ctx) =>
        closed ? connector.failed(ConnectorFault.of('NOT_SUPPORTED', 'Closed.')) : good(ctx);
    };
    const more = ({ onDeactivation }: ContainerModuleLoadOptions): void =>
      onDeactivation(ServiceIdentifier.connector, () => {
        closed = true;
      });
    return {
      load: async () => {
        closed = false;
        return acmeModule(change, more);
      },
    };
  },

  B7: () => ({ entry: new URL('./modules/choosy.mjs', import.meta.url) }),

  V1: () =>
    parts(({ connector }) => {
      const good = connector.validate.bind(connector);
      connector.validate = (config) => {
        const works = /"owner-[^"]*","account":"acme-eu","baseUrl":"http:..127.0.0.1:\d{4,}"\}$/;
        const old = { field: 'apiToken', code: 'OLD', message: 'It is old.' };
        return typeof config === 'object' && isJson(config) && works.test(JSON.stringify(config))
          ? { valid: true, issues: [old] }
          : good(config);
      };
    }),
  V2: () =>
    parts(({ connector }) => {
      const good = connector.validate.bind(connector);
      connector.validate = (config) => {
        const { unheardOf: _ignored, ...rest } = Object(config) as Record<string, unknown>;
        return typeof config === 'object' && config !== null
          ? good(Array.isArray(config) ? config : rest)
          : good(config);
      };
    }),
  V3: () =>
    parts(({ connector }) => {
      const good = connector.validate.bind(connector);
      connector.validate = (config) => good(config === null ? JSON.parse('{') : config);
    }),
  V4: () =>
    parts(({ connector }) => {
      const good = connector.validate.bind(connector);
      connector.validate = (config) => {
        const report = good(config);
        if (report.valid) (config as Record<string, unknown>)['account'] = 'ACME-EU';
        return report;
      };
    }),
  V5: () => ({ fixtures: { savedConfigs: [{ token: 'an-old-token' }] } }),

  V6: () => {
    const folders = acmeManifest.config.fields.filter((field) => field.key === 'folder');
    const { config, setup } = acmeManifest;
    const fields = [...config.fields, ...folders.map((field) => ({ ...field, key: 'nickname', order: 9 }))];
    const steps = setup.steps.map((step) => ({ ...step, fields: [...(step.fields ?? []), 'nickname'] }));
    const changed: ConnectorManifest = { ...acmeManifest, config: { ...config, fields }, setup: { ...setup, steps } };
    const validate = ({ connector }: AcmeParts): void => {
      connector.manifest = changed;
    };
    return manifest(changed, parts(validate));
  },

  V7: () =>
    parts(({ connector }) => {
      const good = connector.check.bind(connector);
      connector.check = (ctx) => {
        const { workspace } = ctx.config;
        if (workspace !== undefined) ctx.log.debug('There is a workspace.');
        return good(ctx);
      };
    }),

  K1: () =>
    parts((part) => checkAfter(part, (report) => ({ ...report, permissions: [...report.permissions].reverse() }))),
  K2: () =>
    parts((part) =>
      checkAfter(part, (report) => (report.status === 'ready' ? { ...report, status: 'degraded' } : report)),
    ),
  K3: () =>
    parts(({ connector }) => {
      const good = connector.check.bind(connector);
      connector.check = async (ctx) => {
        const report = await good(ctx);
        if (report.status !== 'ready') return report;
        return ask(ctx, 'POST', '/touch').then(() => report, connector.failed.bind(connector));
      };
    }),
  K4: () =>
    parts(({ connector }) => {
      const good = connector.failed.bind(connector);
      connector.failed = (caught) => {
        const report = good(caught);
        return { ...report, problems: report.problems.map(({ remedy: _remedy, ...problem }) => problem) };
      };
    }),
  K5: () =>
    parts((part) =>
      checkAfter(part, (report) => ({
        ...report,
        permissions: report.permissions.map(({ remedy: _remedy, ...permission }) => permission),
      })),
    ),
  K6: () =>
    parts(({ connector }) => {
      const good = connector.failed.bind(connector);
      connector.failed = (caught) => {
        if (caught instanceof ConnectorFault && caught.code === 'CONFLICT') throw caught;
        return good(caught);
      };
    }),
  K7: () =>
    parts(({ connector }) => {
      const good = connector.failed.bind(connector);
      connector.failed = (caught) => {
        const aborted = caught instanceof ConnectorFault && caught.code === 'ABORTED';
        return good(aborted ? ConnectorFault.of('TIMEOUT', 'It took too long.') : caught);
      };
    }),

  D1: () =>
    parts(({ deletion }) => {
      const good = deletion.pack.bind(deletion);
      deletion.pack = (subjects) => good([...subjects].reverse());
    }),
  D2: () =>
    parts(({ deletion }) => {
      deletion.fits = (subjects) => subjects.length <= 5;
    }),
  D3: () =>
    parts(({ deletion }) => {
      const good = deletion.usable.bind(deletion);
      deletion.usable = (subject) => {
        const { id, identifiers } = good(subject);
        return { id, identifiers: identifiers.slice(0, 2) };
      };
    }),
  D4: () =>
    parts(({ deletion }) => {
      let round = 0;
      const good = deletion.plan.bind(deletion);
      deletion.plan = (subjects) => {
        const { operations, rejected } = good(subjects);
        round += 1;
        return { operations: operations.map((one) => ({ ...one, bytes: one.bytes + round })), rejected };
      };
      // The same every time within one copy would not be enough: copies are numbered.
      round = ++copies;
    }),
  D5: () =>
    parts(({ deletion }) => {
      deletion.nothingUsable = () => ({ ...ConnectorFault.of('NOT_SUPPORTED', 'This one cannot be erased.').toJSON() });
    }),
  D6: () =>
    parts(({ deletion }) => {
      const good = deletion.send.bind(deletion);
      deletion.send = (operation, ctx) =>
        good(
          {
            ...operation,
            subjects: operation.subjects.map(({ id, identifiers }) => ({
              id,
              identifiers: identifiers.map(({ kind, value }) => ({ kind, value: value.normalize('NFD') })),
            })),
          },
          ctx,
        );
    }),
  D7: () =>
    parts(({ deletion }) => {
      const good = deletion.notAccepted.bind(deletion);
      deletion.notAccepted = (caught, operation) => {
        const outcome = good(caught, operation);
        return !outcome.accepted && outcome.fault.code === 'VENDOR_ERROR'
          ? { ...outcome, certain: 'not-taken' }
          : outcome;
      };
    }),
  D8: () =>
    parts(({ deletion }) => {
      const good = deletion.notAccepted.bind(deletion);
      deletion.notAccepted = (caught, operation) => {
        const outcome = good(caught, operation);
        return !outcome.accepted && outcome.fault.code === 'PERMISSION_MISSING'
          ? { ...outcome, certain: 'unknown' }
          : outcome;
      };
    }),
  D9: () =>
    parts(({ deletion }) => {
      const good = deletion.notAccepted.bind(deletion);
      deletion.notAccepted = (caught, operation) => {
        const outcome = good(caught, operation);
        if (outcome.accepted) return outcome;
        const { retryAfterMs: _wait, ...fault } = outcome.fault;
        return { ...outcome, fault };
      };
    }),
  D10: () =>
    parts(({ deletion }) => {
      const good = deletion.submit.bind(deletion);
      deletion.submit = async (operation, ctx) => {
        const first = await good(operation, ctx);
        return !first.accepted && first.fault.code === 'CONFLICT' ? good(operation, ctx) : first;
      };
    }),
  D11: () =>
    parts(({ deletion }) => {
      deletion.match = (jobs, ids) => {
        const own = jobs.find((job) => JSON.stringify(job.ids) === JSON.stringify(ids));
        return own === undefined ? { found: 'absent' } : { found: 'accepted', reference: own.id };
      };
    }),
  D12: () =>
    parts(({ deletion }) => {
      const good = deletion.reconcile.bind(deletion);
      deletion.reconcile = async (operation, attemptedAt, ctx, claimed) => {
        await ask(ctx, 'POST', '/touch');
        return good(operation, attemptedAt, ctx, claimed);
      };
    }),
  D13: () =>
    parts(({ deletion }) => {
      const good = deletion.read.bind(deletion);
      let running = false;
      deletion.read = (data) => {
        const status = good(data);
        if (running && status.state === 'completed') return { ...status, state: 'accepted' };
        running ||= status.state === 'processing';
        return status;
      };
    }),
  D14: () =>
    parts(({ deletion }) => {
      const good = deletion.status.bind(deletion);
      deletion.status = async (reference, ctx) => {
        try {
          return await good(reference, ctx);
        } catch (caught) {
          if (caught instanceof ConnectorFault && caught.code === 'CONFLICT') throw new TypeError('data is undefined');
          throw caught;
        }
      };
    }),
  D15: () =>
    parts(({ deletion }) => {
      const good = deletion.send.bind(deletion);
      deletion.send = (operation, ctx) => good(operation, { ...ctx, signal: new AbortController().signal });
    }),
  D16: () =>
    parts(({ deletion }) => {
      const good = deletion.parts.bind(deletion);
      deletion.parts = (operation) => good(operation).slice(0, 3);
    }),
  D17: () =>
    parts(({ deletion }) => {
      const fault = ConnectorFault.of('NOT_SUPPORTED', 'It cannot be taken back.').toJSON();
      deletion.cancel = async () => ({ cancelled: false, fault });
    }),

  D18: () =>
    parts(({ deletion }) => {
      const good = deletion.status.bind(deletion);
      deletion.status = (reference, ctx) => good(reference, { ...ctx, signal: new AbortController().signal });
    }),
  D19: () =>
    parts(({ deletion }) => {
      const good = deletion.reconcile.bind(deletion);
      deletion.reconcile = async (...given) => {
        try {
          return await good(...given);
        } catch (caught) {
          if (caught instanceof ConnectorFault && caught.code === 'CONFLICT') return { found: 'absent' };
          throw caught;
        }
      };
    }),
  D20: () =>
    parts(({ deletion }) => {
      const good = deletion.cancel.bind(deletion);
      deletion.cancel = async (...given) => {
        try {
          return await good(...given);
        } catch (caught) {
          if (caught instanceof ConnectorFault && caught.code === 'CONFLICT') return { cancelled: true };
          throw caught;
        }
      };
    }),
  D21: () =>
    parts(({ deletion }) => {
      deletion.inFlightMs = 0;
    }),
  D22: () =>
    parts(({ deletion }) => {
      const good = deletion.submit.bind(deletion);
      deletion.submit = async (operation, ctx) => {
        const outcome = await good(operation, ctx);
        const repeats = JSON.stringify(operation.subjects).includes('-of-three');
        return outcome.accepted && repeats ? { ...outcome, reference: 'deleted-1' } : outcome;
      };
    }),

  D23: () =>
    parts(({ deletion }) => {
      const good = deletion.read.bind(deletion);
      deletion.read = (data) => {
        const status = good(data);
        return status.state === 'failed' ? { ...status, state: 'completed' } : status;
      };
    }),

  D24: () => parts((part) => telling(part, () => 'erased')),
  D25: () =>
    manifest(
      tellingManifest,
      parts((part) => telling(part, () => 'erased')),
    ),
  D26: () =>
    manifest(
      repeatableManifest,
      parts(({ deletion }) => {
        const good = deletion.send.bind(deletion);
        const sent = new Set<string>();
        deletion.send = async (operation, ctx) => {
          const ids = JSON.stringify(idsOf(operation.subjects));
          if (sent.has(ids)) throw new AcmeTrouble('CONFLICT', 'Acme has it already.', false);
          sent.add(ids);
          return good(operation, ctx);
        };
      }),
    ),
  S1: () =>
    parts(({ detection }) => {
      const good = detection.all.bind(detection);
      detection.all = async (ctx) => {
        const systems = await good(ctx);
        return [...systems, ...systems.slice(0, 1)];
      };
    }),
  S2: () => {
    let run = 0;
    return parts(({ detection }) => {
      const good = detection.all.bind(detection);
      detection.all = async (ctx) => {
        run += 1;
        const renamed = (key: string): string => `${key}-${run}`;
        const systems = await good(ctx);
        return systems.map((one) => ({ ...one, key: renamed(one.key), connectedTo: one.connectedTo.map(renamed) }));
      };
    });
  },
  S3: () =>
    parts(({ detection }) => {
      const good = detection.system.bind(detection);
      detection.system = (name, names) => {
        const system = good(name, names);
        return { ...system, coverage: { ...system.coverage, reason: '' } };
      };
    }),
  S4: () =>
    parts(({ detection }) => {
      const good = detection.system.bind(detection);
      detection.system = (name, names) => ({ ...good(name, names), connectedTo: ['a-system-nobody-found'] });
    }),
  S5: () =>
    parts(({ detection }) => {
      const good = detection.all.bind(detection);
      detection.all = async (ctx) => {
        await ask(ctx, 'POST', '/touch');
        return good(ctx);
      };
    }),
  S6: () =>
    parts(({ detection }) => {
      const good = detection.all.bind(detection);
      detection.all = async (ctx) => {
        try {
          return await good(ctx);
        } catch (caught) {
          if (caught instanceof ConnectorFault && caught.code === 'NOT_FOUND') return [];
          throw caught;
        }
      };
    }),
  S7: () =>
    parts(({ detection }) => {
      detection.transport = { deaf: true };
    }),

  H1: () =>
    parts(({ connector }) => {
      connector.transport = { followRedirects: true };
    }),
  H2: () =>
    parts(({ detection }) => {
      detection.transport = { askAnywhere: true };
    }),
  H3: () =>
    parts(({ connector }) => {
      const good = connector.check.bind(connector);
      connector.check = (ctx) => {
        const pair = Buffer.from(`u:${String(ctx.config['apiToken'])}`).toString('base64');
        ctx.log.debug('checking', { authorization: `Basic ${pair}` });
        return good(ctx);
      };
    }),
  H4: () =>
    parts(({ deletion }) => {
      const good = deletion.submit.bind(deletion);
      deletion.submit = (operation, ctx) => {
        ctx.log.info('submitting', { first: operation.subjects[0]?.identifiers[0]?.value });
        return good(operation, ctx);
      };
    }),
  H5: () =>
    parts(({ deletion }) => {
      const good = deletion.notAccepted.bind(deletion);
      deletion.notAccepted = (caught, operation) => {
        const outcome = good(caught, operation);
        return outcome.accepted
          ? outcome
          : { ...outcome, fault: { ...outcome.fault, code: rename(outcome.fault.code) } };
      };
    }),
  H6: () => parts((part) => checkAfter(part, (report) => ({ ...report, checkedAt: new Date(0) }) as CheckReport)),
  H7: () =>
    parts(({ detection }) => {
      detection.transport = { unpaced: true };
    }),
  H8: () =>
    parts(({ detection }) => {
      // Its own time would end the answer on a slow machine, before it is read.
      detection.transport = { readEverything: true, patient: true };
    }),
  H13: () => {
    const { contract, limits } = acmeManifest;
    const byHeader = { remaining: 'x-left', reset: 'x-reset', resetIs: 'seconds' } as const;
    return manifest({
      ...acmeManifest,
      contract: { ...contract, features: [...(contract.features ?? []), 'finer-rates'] },
      limits: { ...limits, rate: limits.rate.map((rate) => ({ ...rate, byHeader })) },
    });
  },
  H9: () => {
    const { limits } = acmeManifest;
    const exports = { id: 'exports', label: 'Exports', requests: 1, perSeconds: 60 };
    return manifest({ ...acmeManifest, limits: { ...limits, rate: [...limits.rate, exports] } });
  },
  H10: () => {
    const timers: NodeJS.Timeout[] = [];
    class Tidy extends AcmeStub {
      override async stop(): Promise<void> {
        for (const timer of timers) clearInterval(timer);
        await super.stop();
      }
    }
    const watch = ({ connector }: AcmeParts): void => {
      const good = connector.check.bind(connector);
      connector.check = (ctx) => {
        timers.push(setInterval(() => undefined, 60_000));
        return good(ctx);
      };
    };
    return { ...parts(watch), vendor: new Tidy() };
  },
  H11: () =>
    parts(({ deletion }) => {
      deletion.transport = { patient: true };
    }),
  H12: () =>
    parts(({ connector }) => {
      const good = connector.check.bind(connector);
      connector.check = async (ctx) => {
        // Nobody listens there: to try is enough.
        await fetch('http://127.0.0.1:2/telemetry').catch(() => undefined);
        return good(ctx);
      };
    }),
};

function rename(code: string): string {
  return code === 'TOO_LARGE' ? 'ACME_413' : code;
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
