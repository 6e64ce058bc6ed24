import type { Bench } from './bench.js';
import type { Connection } from './connection.js';
import { outcomeOf } from './deadline.js';
import { overheard } from './output.js';
import { plainSubject } from './subjects.js';
import { everyday, type VendorFault } from './vendor-fault.js';

/** Answers that repeat the request, credential and all, and the faults of every day. */
const weather: readonly VendorFault[] = [
  ...[400, 401, 403, 404, 409, 413, 422, 429, 500, 503].map(
    (status) => ({ kind: 'status', status, echo: true }) as const,
  ),
  ...everyday.filter((fault) => fault.kind !== 'status'),
];

/** The name of the person that a storm is about; in every identifier of theirs. */
export const CANARY_PERSON = 'canary-7f3a91';

const storms = new WeakMap<Bench, Promise<readonly Connection[]>>();

/**
 * What two connections, with a right and a wrong credential, gave out while everything went wrong that can.
 * Several rules look at it, so it is made once.
 */
export function storm(bench: Bench): Promise<readonly Connection[]> {
  const made = storms.get(bench) ?? makeStorm(bench);
  storms.set(bench, made);
  return made;
}

async function makeStorm(bench: Bench): Promise<readonly Connection[]> {
  const printed: unknown[] = [];
  const connections = await overheard(
    (one) => void printed.push(one),
    () => weatherOut(bench),
  );
  for (const connection of connections) connection.printed.push(...printed);
  return connections;
}

async function weatherOut(bench: Bench): Promise<readonly Connection[]> {
  const wrong = await bench.connect({ config: 'wrong-credential' });
  await outcomeOf(wrong.check());
  const connection = await bench.connected();
  await everyCall(bench, connection);
  for (const fault of weather) {
    bench.gate.meet(fault);
    await everyCall(bench, connection);
    bench.gate.heal();
  }
  return [wrong, connection];
}

/** Makes every call a host makes; whatever comes out is noted by the connection. */
export async function everyCall(bench: Bench, connection: Connection): Promise<void> {
  await outcomeOf(connection.check());
  if (bench.manifest.deletion !== undefined) {
    const attemptedAt = new Date(bench.clock.now()).toISOString();
    const subjects = [plainSubject(bench.manifest, CANARY_PERSON), { id: 'unfit', identifiers: [] }];
    const plan = await connection.noted('plan', async () => connection.deletion.plan(subjects, connection.config));
    for (const operation of plan.operations) {
      const outcome = await outcomeOf(connection.submit(operation));
      const reference = 'answer' in outcome && outcome.answer.accepted ? outcome.answer.reference : 'no-such-reference';
      await outcomeOf(connection.status(reference));
      await outcomeOf(connection.reconcile(operation, attemptedAt, []));
      if (bench.manifest.deletion.cancellable) await outcomeOf(connection.cancel(reference));
    }
  }
  if (bench.manifest.systemDetection !== undefined) await outcomeOf(connection.detect());
}
