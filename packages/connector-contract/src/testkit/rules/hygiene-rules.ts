import { deepEqual, ok } from 'node:assert/strict';
import { faultCodes, isConnectorFault } from '../../fault.js';
import { ratesOf, valueFields } from '../../manifest/index.js';
import type { Bench } from '../bench.js';
import { codeText } from '../code-text.js';
import type { Connection, Emission } from '../connection.js';
import { outcomeOf, settled } from '../deadline.js';
import { Gate } from '../gate.js';
import { leftSince, running } from '../leftovers.js';
import { overheard } from '../output.js';
import { everythingShown, faultsIn, notPlain } from '../plain.js';
import { CANARY_PERSON, everyCall, storm } from '../storm.js';
import type { RuleChecks } from './rule-check.js';
import { operationFor, usualSubmission } from './submission.js';

/** What is shorter says nothing where it stands in a text. */
const SHORTEST_SECRET = 6;

/** What holds for every call. */
export const hygieneRules: RuleChecks<'H'> = {
  async H1(bench: Bench) {
    const elsewhere = new Gate(() => '{}');
    await elsewhere.start();
    try {
      for (const status of [301, 302, 307, 308]) {
        const connection = await bench.connected();
        const headers = { location: `${elsewhere.origin}/collected` };
        bench.gate.meet({ kind: 'status', status, headers });
        await everyCall(bench, connection);
        bench.gate.heal();
        ok(elsewhere.calls.length === 0, `a redirect (${status}) to another host is followed`);
      }
    } finally {
      // Said once, by this rule.
      bench.strangers.delete(new URL(elsewhere.origin).host);
      await elsewhere.stop();
    }
  },

  async H2(bench: Bench) {
    const connection = await bench.connect({ allowed: false });
    await everyCall(bench, connection);
    ok(bench.gate.calls.length === 0, 'an endpoint that nobody allowed is called');
    const codes = connection.emitted.flatMap(faultsIn).map((fault) => fault.code);
    ok(codes.includes('ENDPOINT_NOT_ALLOWED'), 'nothing says ENDPOINT_NOT_ALLOWED');
  },

  async H3(bench: Bench) {
    const secretKeys = valueFields(bench.manifest).filter((field) => field.kind === 'secret');
    const secrets = (['valid', 'wrong-credential'] as const).flatMap((kind) => {
      const raw = bench.raw(kind);
      return secretKeys.flatMap(({ key }) => (typeof raw[key] === 'string' ? [raw[key]] : []));
    });
    const canaries = secrets.flatMap((one) => [one, ...inBase64(one)]);
    for (const connection of await storm(bench)) {
      const own = [...connection.state.handedOut].filter((one) => one.length >= SHORTEST_SECRET);
      const leak = leakOf(
        [...canaries, ...own.flatMap((one) => [one, ...inBase64(one)])],
        [...connection.emitted, ...writtenBy(connection)],
      );
      ok(leak === undefined, `a secret appears in what comes out of ${leak}`);
    }
    const { connector, printed } = await bench.connect();
    const report = await overheard(
      (one) => void printed.push(one),
      async () => connector.validate({ ...bench.raw(), ...wrongTypes(bench) }),
    );
    const leak = leakOf(
      canaries,
      [report, ...printed].map((value) => ({ from: 'validate', value })),
    );
    ok(leak === undefined, 'a secret appears in a report of validate, or it is printed there');
  },

  async H4(bench: Bench) {
    for (const connection of await storm(bench)) {
      const faults = connection.emitted.flatMap((emission) => {
        const thrown = emission.value instanceof Error ? [emission.value] : [];
        return [...faultsIn(emission), ...thrown].map((value) => ({ from: emission.from, value }));
      });
      const statuses = connection.emitted.filter((emission) => emission.from === 'status' || emission.from === 'check');
      const kept = [...faults, ...statuses, ...connection.emitted.flatMap(keptOf), ...writtenBy(connection)];
      const leak = leakOf([CANARY_PERSON, ...inBase64(CANARY_PERSON)], kept);
      ok(leak === undefined, `an identifier of a person appears in what comes out of ${leak}`);
    }
  },

  async H5(bench: Bench) {
    const documented = new Set(bench.manifest.setup.troubleshooting.map((entry) => entry.code));
    for (const connection of await storm(bench)) {
      for (const emission of connection.emitted) {
        for (const { code, message } of faultsIn(emission).filter((fault) => isFaultLike(fault))) {
          const known = code in faultCodes || documented.has(code);
          ok(known, `${emission.from}: the code ${code} is neither the contract's nor in setup.troubleshooting`);
          ok(message !== '', `${emission.from}: the fault ${code} has no message`);
        }
      }
    }
  },

  async H6(bench: Bench) {
    for (const connection of await storm(bench)) {
      for (const { from, value } of connection.emitted) {
        if (isConnectorFault(value)) continue;
        const odd = value instanceof Error ? undefined : notPlain(value);
        ok(odd === undefined, `${from} answers something that is not plain data: ${odd}`);
      }
    }
  },

  async H7(bench: Bench) {
    const declared = new Set(bench.manifest.limits.rate.map((rate) => rate.id));
    const connection = await bench.connect();
    let early = 0;
    bench.gate.onCall = () => {
      if (connection.paced.length < bench.gate.calls.length) early += 1;
    };
    connection.facts = (await connection.check()).facts;
    await everyCall(bench, connection);
    ok(early === 0, `${early} requests went out without waiting their turn (ctx.pace)`);
    const unknown = connection.paced.filter((name) => !declared.has(name));
    ok(unknown.length === 0, `pace is called with ${unknown[0]}, which limits.rate does not declare`);
  },

  async H8(bench: Bench) {
    const connection = await bench.connected();
    bench.gate.meet({ kind: 'endless' });
    await everyCall(bench, connection);
    bench.gate.heal();
    ok(!bench.gate.readToTheEnd, 'an answer of 64 MB is read to its end');
  },

  async H9(bench: Bench) {
    const paced = new Set((await storm(bench)).flatMap((connection) => connection.paced));
    const used = new Set([...paced].flatMap((id) => ratesOf(bench.manifest.limits, id).map((rate) => rate.id)));
    const { entry } = bench.options;
    // Some are for a part of the vendor that the stub does not play: then the code has to name them at least.
    const code = entry === undefined ? '' : await codeText(entry);
    const unused = bench.manifest.limits.rate.map((rate) => rate.id).filter((id) => !used.has(id) && !named(code, id));
    deepEqual(unused, [], 'limits.rate declares what nothing waits under');
  },

  async H10(bench: Bench) {
    const before = running();
    await bench.vendor.reset();
    bench.gate.clear();
    const { container, module } = await bench.load();
    const connection = bench.connection(container);
    await outcomeOf(connection.learn());
    await everyCall(bench, connection);
    await outcomeOf(container.unloadAsync(module));
    bench.gate.disconnect();
    deepEqual(await leftSince(before), [], 'after use and unloading something keeps the process from ending');
  },

  async H11(bench: Bench) {
    const { gate, manifest } = bench;
    const { timeoutMs } = manifest.limits;
    if (manifest.deletion === undefined) {
      const connection = await bench.connected();
      gate.meet({ kind: 'dripping' });
      // A check may make several requests, each of which may take its time.
      const allowed = (manifest.permissions.length + 2) * timeoutMs + GRACE_MS;
      const report = await settled(connection.connector.check(connection.context()), 'check', allowed).finally(() =>
        gate.heal(),
      );
      ok(report.status !== 'ready', 'a vendor that never finishes an answer counts as ready');
      return;
    }
    const asksFirst = (await usualSubmission(bench)).calls[0]?.reads === true;
    for (const at of asksFirst ? (['change', 0] as const) : (['change'] as const)) {
      const connection = await bench.connected();
      const operation = operationFor(bench, connection, 'kept-waiting');
      gate.meet({ kind: 'dripping' }, at);
      const submitted = connection.deletion.submit(connection.keyed(operation), connection.context());
      const outcome = await settled(submitted, 'submit', timeoutMs + GRACE_MS).finally(() => gate.heal());
      ok(!outcome.accepted, 'submit says accepted');
      ok(outcome.fault.kind === 'timeout', `the kind is ${outcome.fault.kind}, not timeout`);
      ok(at === 0 || outcome.certain === 'unknown', 'submit says not taken, which nobody can know');
    }
  },

  async H12(bench: Bench) {
    await storm(bench);
    deepEqual([...bench.strangers], [], 'it connects to hosts that are not of the connection');
  },

  async H13(bench: Bench) {
    const { gate, clock, manifest } = bench;
    const headers = manifest.limits.rate.flatMap(({ byHeader }) => byHeader ?? []);
    const connection = await bench.connected();
    gate.saying = () =>
      Object.fromEntries(
        headers.flatMap(({ remaining, reset, resetIs }) => [
          [remaining, String(LEFT)],
          [reset, String(AHEAD_S + (resetIs === 'seconds' ? 0 : Math.floor(clock.now() / 1000)))],
        ]),
      );
    await everyCall(bench, connection);
    ok(connection.told.length > 0, 'nothing of it reaches the host (ctx.left)');
    for (const { limit, requests, aheadMs } of connection.told) {
      const { byHeader } = manifest.limits.rate.find(({ id }) => id === limit) ?? {};
      ok(byHeader !== undefined, `left is called with ${limit}, whose rate has no byHeader`);
      ok(requests === LEFT, `${limit}: the answer says that ${LEFT} requests are left, and the host hears ${requests}`);
      // What a busy machine takes is no matter.
      const plausible = aheadMs > (AHEAD_S * 1000) / 2 && aheadMs <= (AHEAD_S + 1) * 1000;
      ok(plausible, `${limit}: the answer says ${AHEAD_S} s until the reset, and the host hears ${aheadMs} ms`);
    }
  },
};

/** Real milliseconds that a busy machine may take on top of the time-out. */
const GRACE_MS = 5_000;

/** What answers say: so many requests are left, until the reset in so many seconds. */
const LEFT = 3;
const AHEAD_S = 600;

/** Whether code has this as a whole text in quotes. */
function named(code: string, id: string): boolean {
  return ["'", '"', '`'].some((quote) => code.includes(`${quote}${id}${quote}`));
}

/** A thrown system error has a code too (ECONNRESET), but is no fault; other rules tell about it. */
function isFaultLike(fault: object): boolean {
  return 'kind' in fault && 'retryable' in fault;
}

/** What is written to the log or printed. */
function writtenBy({ logged, printed }: Connection): readonly Emission[] {
  return [
    ...logged.map((value) => ({ from: 'log', value })),
    ...printed.map((value) => ({ from: 'the console (or another standard output)', value })),
  ];
}

/** What a host keeps of an answer in order to ask again: references, and how far it has looked. */
function keptOf({ from, value }: Emission): readonly Emission[] {
  if (typeof value !== 'object' || value === null) return [];
  const { reference, progress } = value as { readonly reference?: unknown; readonly progress?: unknown };
  return [
    { from: `${from} (reference)`, value: reference },
    { from: `${from} (progress)`, value: progress },
  ];
}

/** How a text shows in Base64, alone or behind others, as in `Basic` credentials: by three, depending on what stands before it. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.from(`${'-'.repeat(before)}${text}`);
    // Digits at either end that also hold bits of what stands beside it.
    const end = bytes.length % 3 === 0 ? undefined : -(bytes.length % 3 === 1 ? 3 : 2);
    return bytes.toString('base64').slice(before === 0 ? 0 : before + 1, end);
  });
}

function leakOf(canaries: readonly string[], emissions: readonly Emission[]): string | undefined {
  return emissions.find(({ value }) => {
    const shown = everythingShown(value);
    return canaries.some((canary) => shown.includes(canary));
  })?.from;
}

/** Secrets where other types belong: validation has to name the field, not the value. */
function wrongTypes(bench: Bench): Readonly<Record<string, unknown>> {
  const raw = bench.raw();
  const fields = valueFields(bench.manifest);
  const secret = fields.filter((field) => field.kind === 'secret').map((field) => raw[field.key])[0];
  return Object.fromEntries(
    fields.filter((field) => field.kind !== 'secret').map((field) => [field.key, ` ${secret}`]),
  );
}
