import { deepEqual, ok } from 'node:assert/strict';
import type { CheckReport } from '../../connector.js';
import type { Bench } from '../bench.js';
import { outcomeOf } from '../deadline.js';
import { fingerprint } from '../plain.js';
import { everyday, halfway, meetingName, type VendorFault } from '../vendor-fault.js';
import { assertAborted, whileSilent } from './abort.js';
import type { RuleChecks } from './rule-check.js';

const states = ['granted', 'denied', 'unverifiable', 'skipped'];

/** Asking the vendor whether a connection works. */
export const checkRules: RuleChecks<'K'> = {
  async K1(bench: Bench) {
    const declared = bench.manifest.permissions.map((permission) => permission.id);
    const judge = (report: CheckReport, where: string): void => {
      const answered = report.permissions.map((one) => one.permission);
      deepEqual(answered, declared, `${where}: the outcomes are not those that the manifest declares`);
      const odd = report.permissions.find((one) => !states.includes(one.outcome) || one.message === '');
      ok(odd === undefined, `${where}: ${odd?.permission} has an unknown outcome or no message`);
    };
    judge(await (await bench.connect()).check(), 'connection that works');
    judge(await (await bench.connect({ config: 'wrong-credential' })).check(), 'wrong credential');
    const broken = await bench.connect();
    bench.gate.meet({ kind: 'status', status: 503 });
    judge(await broken.check(), 'vendor out of order');
  },

  async K2(bench: Bench) {
    const { status, problems } = await (await bench.connect()).check();
    const verifiable = bench.manifest.permissions.every((permission) => permission.probe !== 'none');
    const codes = problems.map((problem) => problem.code).join(', ');
    ok(status === 'ready' || (status === 'degraded' && !verifiable), `the connection that works is ${status} ${codes}`);
  },

  async K3(bench: Bench) {
    for (const config of ['valid', 'wrong-credential'] as const) {
      const connection = await bench.connect({ config });
      const before = fingerprint(bench.vendor.state());
      await connection.check();
      ok(fingerprint(bench.vendor.state()) === before, `a check changes something at the vendor (${config})`);
    }
  },

  async K4(bench: Bench) {
    const { status, problems, permissions } = await (await bench.connect({ config: 'wrong-credential' })).check();
    ok(status === 'blocked', `a wrong credential makes the connection ${status}`);
    const told = [...problems, ...permissions.filter((one) => one.outcome === 'denied')];
    ok(told.length > 0, 'neither a problem nor a denied permission tells why');
    ok(
      told.some((one) => (one.remedy ?? '') !== ''),
      'nothing tells what to do about it',
    );
  },

  async K5(bench: Bench) {
    const { status, permissions } = await (await bench.connect({ config: 'missing-permission' })).check();
    const required = new Set(bench.manifest.permissions.filter((one) => one.required).map((one) => one.id));
    const denied = permissions.filter((one) => one.outcome === 'denied');
    ok(denied.length > 0, 'no permission is denied');
    ok(!denied.some((one) => required.has(one.permission)) || status === 'blocked', `the connection is ${status}`);
    ok(
      denied.every((one) => (one.remedy ?? '') !== ''),
      'a denied permission has no remedy',
    );
  },

  async K6(bench: Bench) {
    const meeting = async (fault: VendorFault, after: number): Promise<void> => {
      const connection = await bench.connect();
      bench.gate.meet(fault, after);
      const outcome = await outcomeOf(connection.check());
      bench.gate.heal();
      const when = meetingName(fault, after);
      ok('answer' in outcome, `${when}: check throws`);
      const { status, problems, permissions } = outcome.answer;
      ok(status !== 'ready', `${when}: the connection counts as ready`);
      const told =
        problems.length > 0 || permissions.some((one) => one.outcome === 'denied' || one.outcome === 'unverifiable');
      ok(told, `${when}: nothing tells what is wrong`);
    };
    for (const fault of everyday) await meeting(fault, 0);
    await (await bench.connect()).check();
    for (const [fault, after] of halfway(bench.gate.calls.length)) await meeting(fault, after);
  },

  async K7(bench: Bench) {
    const connection = await bench.connect();
    const outcome = await whileSilent(bench, (signal) => connection.check(signal));
    ok('thrown' in outcome, 'a check that was called off answers as if nothing were');
    assertAborted(outcome.thrown);
  },
};
