/** A vendor that writes the people it was sent into everything it answers, in every way there is to write them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultData, OperationStatus } from 'connector-contract';
import { hostActor } from '../../src/access/roles.js';
import { GuardedRunner } from '../../src/plugins/guarded-runner.js';
import { readingsOf } from '../../src/plugins/readings.js';
import { operation } from '../../src/reading/operations.js';
import { Retention } from '../../src/retention/retention.js';
import { PeopleKey } from '../../src/rotation/people-key.js';
import { fault, ScriptedVendor } from '../lifecycle/scripted-vendor.js';
import { days, minutes, Stage } from '../lifecycle/stage.js';
import { testLog } from '../postgres.js';
import { dump } from './traces.js';

const canary = 'canary-user-4711-q';
const stranger = 'Grace Hopper of Arlington';
const hex = (text: string) => Buffer.from(text).toString('hex');
const each = (text: string, as: (code: string) => string) => [...text].map((one) => as(hex(one))).join('');
const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => each(text, (code) => `%${code}`),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`id=${text}`).toString('base64url'),
  hex,
  (text) => each(text, (code) => `=${code.toUpperCase()}`),
  (text) => each(text, (code) => `\\u00${code}`),
  (text) => each(text, (code) => `&#x${code};`),
  (text) => Buffer.from(each(text, (code) => `%${code}`)).toString('base64'),
];
const written = encodings.map((encode) => encode(canary));
const all = written.join(' | ');

/** Says everything that a vendor can say with everybody in it. */
class Talker extends ScriptedVendor {
  override async reconcile(...given: Parameters<ScriptedVendor['reconcile']>) {
    const found = await super.reconcile(...given);
    return this.calls.reconcile === 1
      ? { found: 'not-yet' as const, retryAfterMs: 1_000, progress: `after ${all}` }
      : found;
  }
}

const told: OperationStatus = {
  state: 'completed_with_exceptions',
  vendorState: `DONE_FOR_${written[3]}`,
  destinations: written.map((one, at) => ({
    id: `d-${at}`,
    name: `Destination ${at}`,
    state: 'failed',
    vendorState: `NO_${one}`,
    message: `There is no profile ${one}, says ${stranger}`,
  })),
  exceptions: written.map((one, at) => ({ system: `System ${at}`, reason: `Nothing is known of ${one} here.` })),
};

let stage: Stage;
let vendor: Talker;
let id: number;
const unknown = (code: 'TIMEOUT' | 'VENDOR_ERROR'): FaultData => fault(code, `No answer about ${all}.`);

/** Where a text of what lies in the tables names somebody, however it is read. */
async function traces(of: readonly string[]): Promise<string[]> {
  const tables = await dump(stage.db.pool);
  expect(tables.size).toBeGreaterThan(15);
  return [...tables].flatMap(([table, text]) =>
    text
      .split('\n')
      .flatMap((row) => [row, ...readingsOf(row)])
      .filter((one) => of.some((name) => one.toLowerCase().includes(name.toLowerCase())))
      .map((one) => `${table}: ${one.slice(0, 200)}`),
  );
}

const seen = async (identify: boolean) =>
  JSON.stringify(await operation({ db: stage.db, people: await stage.keyring.people() }, id, { identify }));

beforeAll(async () => {
  stage = await Stage.open();
  vendor = new Talker();
  const parts = { connector: vendor, deletion: vendor } as unknown as ConstructorParameters<typeof GuardedRunner>[1];
  stage.connections.runners.set('c1', new GuardedRunner(vendor.manifest, parts));
  vendor.troubles.push({ fault: unknown('VENDOR_ERROR') }, 'lost-after');
  await stage.addPeople({ 'r-1': [canary, 'canary-other-4712-q'] });
  await stage.pass(minutes);
  await stage.pass(minutes);
  vendor.statusTroubles.push(unknown('TIMEOUT'));
  await stage.pass(5 * minutes);
  for (const record of vendor.records.values()) record.status = told;
  await stage.pass(2 * 3_600_000);
  const [row] = await stage.operations();
  id = row?.id ?? 0;
  expect(row).toMatchObject({ state: 'completed_with_exceptions', vendorState: '' });
  expect(vendor.progress).toEqual([undefined, undefined]);
});
afterAll(() => stage?.close());

describe('what a vendor writes of people', () => {
  test('stands in clear in no table, in no encoding; words that name nobody known are sealed as well', async () => {
    expect(await traces(['canary', stranger])).toEqual([]);
  });

  test('is shown to those who may see people, without the people of the operation, and to nobody else', async () => {
    const [with_, without] = [await seen(true), await seen(false)];
    expect(with_).toContain(stranger);
    expect(with_).toContain('There is no profile [redacted]');
    expect(without).not.toContain(stranger);
    expect(without).not.toContain('There is no profile');
    for (const one of [with_, without]) {
      expect([one, ...readingsOf(one)].filter((text) => text.toLowerCase().includes('canary'))).toEqual([]);
    }
  });

  test('is sealed anew where the key of people is replaced', async () => {
    const before = (await stage.operations())[0]?.words;
    const { db, engine, keyring, clock } = stage;
    const key = new PeopleKey({ db, engine, keyring, clock, log: testLog });
    await key.work();
    await key.replace(hostActor);
    for (let n = 0; n < 3; n += 1) await stage.pass(3 * minutes);
    expect(await keyring.peopleKeyReplacedAt()).toBeUndefined();
    const after = (await stage.operations())[0]?.words;
    expect(after?.subarray(1, 9).equals(before?.subarray(1, 9) ?? Buffer.alloc(0))).toBe(false);
    expect(await seen(true)).toContain(stranger);
  });

  test('is gone with the first of them who is purged, reasons and messages with it', async () => {
    await stage.db.pool.query('update connector_host.requests set settled_at = $1', [
      new Date(stage.clock.now() - days),
    ]);
    const retention = new Retention({ db: stage.db, engine: stage.engine, clock: stage.clock, log: testLog });
    expect(await retention.purge({ retentionDays: 0 })).toMatchObject({ purged: 1 });
    expect((await stage.operations())[0]?.words).toBeNull();
    const left = await seen(true);
    expect(left).not.toContain(stranger);
    expect(left).not.toContain('There is no profile');
    expect(left).not.toContain('Nothing is known of');
    expect(await traces(['Nothing is known of', 'No answer about', 'There is no profile'])).toEqual([]);
  });
});

describe('a reference that names somebody', () => {
  test('is not kept, however it is written: a person decides, and cannot confirm it either', async () => {
    for (const [at, reference] of written.entries()) {
      vendor.references.push(`deletions/${reference}`);
      await stage.addPeople({ [`n-${at}`]: [canary] });
      await stage.pass(2 * minutes);
      const row = (await stage.operations()).at(-1);
      expect(row).toMatchObject({ state: 'undecided', reference: null, fault: { code: 'REFERENCE_NAMES_SOMEBODY' } });
      const confirmed = stage.lifecycle.settle(row?.id ?? 0, { confirm: reference });
      await expect(confirmed).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    }
    expect(await traces(['canary'])).toEqual([]);
  });
});
