/** People who were stored when search still took notice of the case of e-mail addresses. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { asc } from 'drizzle-orm';
import { Fingerprints } from '../../src/rotation/fingerprints.js';
import type { PeopleKeys } from '../../src/sealing/people-keys.js';
import { requests, upkeep } from '../../src/store/schema.js';
import { days, Stage } from '../lifecycle/stage.js';
import { testLog } from '../postgres.js';

let stage: Stage;
let people: PeopleKeys;
let fingerprints: Fingerprints;
beforeEach(async () => {
  stage = await Stage.open({ planWindowMs: 20 * days });
  const { db, engine, clock, keyring } = stage;
  people = await keyring.people();
  fingerprints = new Fingerprints({ db, engine, keyring, clock, log: testLog });
  await fingerprints.work();
});
afterEach(() => stage.close());

const prints = async () =>
  (await stage.db.orm.select({ found: requests.fingerprints }).from(requests).orderBy(asc(requests.id))).map(
    ({ found }) => found,
  );

test('are found by their address in any case once a job has gone through them, which it does once', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 1_100 }, (_, at) => [`r${at}`, [`Person.${at}@Example.org`, `u-${at}`]]),
  );
  await stage.addPeople({ ...many, lower: ['lower@example.org'], purged: ['Purged@example.org'] });
  await stage.db.pool.query(`update connector_host.requests set identifiers = null where request_id = 'purged'`);
  await fingerprints.resume();
  await stage.idle();
  const found = await prints();
  expect(found[0]).toEqual([people.fingerprint('email', 'person.0@EXAMPLE.org'), people.fingerprint('user_id', 'u-0')]);
  expect(found[1_099]?.[0]).toEqual(people.fingerprint('email', 'person.1099@example.org'));
  // What did not change is left as it is, and who is purged stays so.
  expect(found.slice(1_100)).toEqual([[], []]);
  expect(await stage.db.orm.select().from(upkeep)).toMatchObject([{ finishedAt: expect.any(Date) }]);

  await stage.db.pool.query(`update connector_host.requests set fingerprints = '{}'`);
  await fingerprints.resume();
  await stage.idle();
  expect((await prints())[0]).toEqual([]);
});

test('that were gone through before a crash are not gone through again', async () => {
  await stage.addPeople({ a: ['A@example.org'], b: ['B@example.org'] });
  const [first] = await stage.db.orm.select({ id: requests.id }).from(requests).orderBy(asc(requests.id));
  await stage.db.orm.insert(upkeep).values({ name: 'fold-emails', after: first?.id ?? 0 });
  await fingerprints.resume();
  await stage.idle();
  expect(await prints()).toEqual([[], [people.fingerprint('email', 'b@example.org')]]);
});
