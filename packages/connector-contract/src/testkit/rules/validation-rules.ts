import { deepEqual, ok } from 'node:assert/strict';
import { everyObjects } from '../../loading/rehearsal.js';
import { authFields } from '../../manifest/auth.js';
import { type ConnectorManifest, resolveConfig, valueFields } from '../../manifest/index.js';
import type { Bench } from '../bench.js';
import { configurationsAround } from '../field-values.js';
import { copyOf, fingerprint } from '../plain.js';
import { everyCall } from '../storm.js';
import type { RuleChecks } from './rule-check.js';

/** Judging a configuration without network. */
export const validationRules: RuleChecks<'V'> = {
  async V1(bench: Bench) {
    const { connector } = await bench.connect();
    const report = connector.validate(bench.raw());
    ok(report.valid && report.issues.length === 0, `the valid configuration has issues: ${JSON.stringify(report)}`);
  },

  async V2(bench: Bench) {
    const { connector } = await bench.connect();
    const good = bench.raw();
    const variants = configurationsAround(bench.manifest, good).filter((raw) => fingerprint(raw) !== fingerprint(good));
    for (const raw of variants) {
      const { issues } = resolveConfig(bench.manifest, raw, { endpointsAllowed: true });
      const report = connector.validate(copyOf(raw));
      const expected = [...new Set(issues.map((issue) => issue.field))].sort();
      const found = [...new Set(report.issues.map((issue) => issue.field))].sort();
      const shape = Object.entries(raw).map(
        ([key, value]) => `${key}: ${typeof value === 'string' ? `text of ${value.length}` : JSON.stringify(value)}`,
      );
      deepEqual(
        { valid: report.valid, fields: found },
        { valid: issues.length === 0, fields: expected },
        `validate (first) and manifest (second) disagree on {${shape.join(', ')}}`,
      );
    }
  },

  async V3(bench: Bench) {
    const { connector } = await bench.connect();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const odd = [
      undefined,
      null,
      0,
      'x',
      true,
      [],
      [1],
      new Date(0),
      new Map(),
      () => 1,
      Symbol('x'),
      circle,
      Object.create(null),
    ];
    for (const value of odd) {
      let valid: unknown;
      try {
        valid = connector.validate(value).valid;
      } catch {
        ok(
          false,
          `validate throws at ${typeof value === 'object' ? Object.prototype.toString.call(value) : String(value)}`,
        );
      }
      ok(typeof valid === 'boolean', 'validate answers without `valid`');
    }
  },

  async V4(bench: Bench) {
    const { connector } = await bench.connect();
    const raw = Object.freeze({ ...bench.raw() });
    let report: unknown;
    try {
      report = connector.validate(raw);
    } catch {
      ok(false, 'validate changes its argument');
    }
    ok(typeof (report as { then?: unknown }).then !== 'function', 'validate answers a promise');
    await new Promise((resolve) => setImmediate(resolve));
    ok(bench.gate.calls.length === 0, 'validate calls the vendor');
  },

  async V5(bench: Bench) {
    const { savedConfigs } = bench.options.fixtures;
    ok(savedConfigs.length > 0, 'give at least one configuration in fixtures.savedConfigs, or opt out with a reason');
    const { connector } = await bench.connect();
    for (const [index, saved] of savedConfigs.entries()) {
      const { issues } = resolveConfig(bench.manifest, saved, { endpointsAllowed: true });
      const report = connector.validate(copyOf(saved));
      const fields = [...issues, ...report.issues].map((issue) => `${issue.field} ${issue.code}`);
      ok(report.valid && issues.length === 0, `savedConfigs[${index}] is not valid any more: ${fields.join(', ')}`);
    }
  },

  async V6(bench: Bench) {
    const readKeys = await keysRead(bench);
    const { auth, deletion } = bench.manifest;
    const forTheHost = [deletion?.completion?.field, ...(auth === undefined ? [] : authFields(auth))];
    const unread = valueFields(bench.manifest).filter(({ key }) => !forTheHost.includes(key) && !readKeys.has(key));
    const keys = unread.map((field) => field.key).join(', ');
    ok(unread.length === 0, `nothing reads ${keys}, with the valid configuration and each of savedConfigs`);
  },

  async V7(bench: Bench) {
    const declared = new Set(valueFields(bench.manifest).map(({ key }) => key));
    const undeclared = [...(await keysRead(bench))].filter((key) => !declared.has(key) && !everyObjects.has(key));
    const has = `config.fields has ${[...declared].join(', ')}`;
    ok(undeclared.length === 0, `the code reads ${undeclared.join(', ')}, which the manifest does not have; ${has}`);
  },
};

const read = new WeakMap<Bench, Promise<ReadonlySet<string>>>();

/** What is read of a configuration, where every call is made with each that there is. */
function keysRead(bench: Bench): Promise<ReadonlySet<string>> {
  const made = read.get(bench) ?? readAll(bench);
  read.set(bench, made);
  return made;
}

async function readAll(bench: Bench): Promise<ReadonlySet<string>> {
  const readKeys = new Set<string>();
  const good = bench.raw();
  const others = bench.options.fixtures.savedConfigs.flatMap((saved) => [
    { ...saved, ...good },
    { ...good, ...saved, ...addressesOf(bench.manifest, good) },
  ]);
  for (const raw of [good, ...others]) {
    const connection = await bench.connect({ raw, readKeys });
    connection.facts = await connection.check().then(
      (report) => report.facts,
      () => ({}),
    );
    await everyCall(bench, connection);
  }
  return readKeys;
}

/** What leads to the vendor stub. */
function addressesOf(manifest: ConnectorManifest, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const addresses = valueFields(manifest).filter((field) => field.kind === 'string' && field.format === 'uri');
  return Object.fromEntries(addresses.filter(({ key }) => key in raw).map(({ key }) => [key, raw[key]]));
}
