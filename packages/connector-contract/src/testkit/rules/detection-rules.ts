import { deepEqual, ok } from 'node:assert/strict';
import { CoverageState, type DetectedSystem, SystemKind } from '../../detection.js';
import { isConnectorFault } from '../../fault.js';
import { asksFor } from '../../features.js';
import type { Bench } from '../bench.js';
import { outcomeOf } from '../deadline.js';
import { fingerprint } from '../plain.js';
import { everyday, halfway, meetingName, type VendorFault } from '../vendor-fault.js';
import { assertAborted, whileSilent } from './abort.js';
import type { RuleChecks } from './rule-check.js';

/** The kinds that every host knows. */
const narrowKinds: readonly SystemKind[] = [SystemKind.source, SystemKind.destination, SystemKind.warehouse];

/** Finding systems. */
export const detectionRules: RuleChecks<'S'> = {
  async S1(bench: Bench) {
    ok(bench.vendor.systems, 'the vendor stub of a connector with system detection needs `systems`');
    const systems = await (await bench.connected()).detect();
    const names = systems.map((system) => system.name).sort();
    deepEqual(names, [...bench.vendor.systems()].sort(), 'what is found (first) is not what is there (second)');
    ok(new Set(systems.map((system) => system.key)).size === systems.length, 'two systems have the same key');
  },

  async S2(bench: Bench) {
    const keys = async (): Promise<string> => {
      const systems = await (await bench.connected()).detect();
      return fingerprint(systems.map((system) => [system.name, system.key].join(' ')).sort());
    };
    const first = await keys();
    bench.clock.skip(86_400_000);
    ok(first === (await keys()), 'the keys are others the second time');
  },

  async S3(bench: Bench) {
    for (const system of await (await bench.connected()).detect()) {
      const lacking = lackOf(system, asksFor(bench.manifest, 'wider-detection'));
      ok(lacking === undefined, `${system.name}: ${lacking}`);
    }
  },

  async S4(bench: Bench) {
    const systems = await (await bench.connected()).detect();
    const keys = new Set(systems.map((system) => system.key));
    for (const { name, connectedTo } of systems) {
      const astray = connectedTo.filter((key) => !keys.has(key));
      ok(astray.length === 0, `${name} is connected to ${astray.join(', ')}, which was not found`);
    }
  },

  async S5(bench: Bench) {
    const connection = await bench.connected();
    const before = fingerprint(bench.vendor.state());
    await connection.detect();
    ok(fingerprint(bench.vendor.state()) === before, 'a detection changes something at the vendor');
  },

  async S6(bench: Bench) {
    const meeting = async (fault: VendorFault, after: number): Promise<void> => {
      const connection = await bench.connected();
      bench.gate.meet(fault, after);
      const outcome = await outcomeOf(connection.detect());
      bench.gate.heal();
      const when = meetingName(fault, after);
      ok('thrown' in outcome, `${when}: the detection ends as if it were complete`);
      ok(isConnectorFault(outcome.thrown), `${when}: what detect throws is not a ConnectorFault`);
    };
    for (const fault of everyday) await meeting(fault, 0);
    await (await bench.connected()).detect();
    for (const [fault, after] of halfway(bench.gate.calls.length)) await meeting(fault, after);
  },

  async S7(bench: Bench) {
    const connection = await bench.connected();
    const outcome = await whileSilent(bench, (signal) => connection.detect(signal));
    ok('thrown' in outcome, 'a detection that was called off ends as if it were complete');
    assertAborted(outcome.thrown);
  },
};

/** What a system lacks, in a few words. */
function lackOf(system: DetectedSystem, wide: boolean): string | undefined {
  const kinds: readonly string[] = wide ? Object.values(SystemKind) : narrowKinds;
  const { kind, vendor, coverage, seenIn, categories } = system;
  if (system.key === '' || system.name === '') return 'key or name is empty';
  if (!kinds.includes(kind)) return `${kind} is not a kind that the manifest's features allow`;
  if (system.unlisted === true && !wide) return 'it stands for a refused list, which the manifest asks no feature for';
  if (vendor.name === '' || vendor.slug === '') return 'the vendor has no name or slug';
  if (vendor.domain?.includes('/') === true) return 'the domain of the vendor has a scheme or path';
  if (vendor.logo?.startsWith('https://') === false) return 'the logo is not an https address';
  if (!Array.isArray(categories) || seenIn.length === 0) return 'it does not say where it was seen';
  if (!Object.values(CoverageState).includes(coverage.state)) return `${coverage.state} is not a state of coverage`;
  if (coverage.reason === '' || coverage.source.title === '') return 'the coverage has no reason or no source';
  if (!coverage.source.url.startsWith('https://')) return 'the source of the coverage is not an https address';
  return /^\d{4}-\d\d-\d\d$/.test(coverage.source.asOf) ? undefined : 'the source of the coverage has no date';
}
