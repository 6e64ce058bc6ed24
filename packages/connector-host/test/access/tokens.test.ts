import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccessTokens } from '../../src/access/tokens.js';
import { openLog } from '../../src/log.js';
import { accessTokens } from '../../src/store/schema.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';

const given1 = 'given-token-1-0123456789-0123456789';
const given2 = 'given-token-2-0123456789-0123456789';

let database: TestDatabase;
let clock: VirtualClock;
let tokens: AccessTokens;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  clock = new VirtualClock();
  tokens = new AccessTokens(database.db, clock, testLog);
});
afterEach(() => database.db.orm.delete(accessTokens));

describe('the first token', () => {
  test('is made for a super-admin and answered once', async () => {
    const token = await tokens.ensureFirst();
    expect(token).toMatch(/^cht_[\w-]{43}$/);
    expect(await tokens.verify(token ?? '')).toMatchObject({ role: 'super-admin' });
    expect(await tokens.ensureFirst()).toBeUndefined();
  });

  test('is made once when several processes start at the same time', async () => {
    const made = await Promise.all([tokens.ensureFirst(), tokens.ensureFirst(), tokens.ensureFirst()]);
    expect(made.filter((one) => one !== undefined)).toHaveLength(1);
    expect(await tokens.list()).toHaveLength(1);
  });

  test('is made again where no super-admin could come in any more', async () => {
    await tokens.ensureFirst();
    const [first] = await tokens.list();
    await tokens.revoke(first?.id ?? '');
    await tokens.create({ name: 'viewer', role: 'viewer' });
    expect(await tokens.ensureFirst()).toMatch(/^cht_/);
  });

  test('may be given, and a changed value replaces it', async () => {
    expect(await tokens.ensureFirst(given1)).toBeUndefined();
    expect(await tokens.verify(given1)).toMatchObject({ id: 'environment', role: 'super-admin' });
    await tokens.ensureFirst(given2);
    expect(await tokens.verify(given1)).toBeUndefined();
    expect(await tokens.verify(given2)).toMatchObject({ id: 'environment' });
  });

  test('that was given and revoked stays revoked until the value changes', async () => {
    await tokens.ensureFirst(given1);
    await tokens.revoke('environment');
    await tokens.ensureFirst(given1);
    expect(await tokens.verify(given1)).toBeUndefined();
    await tokens.ensureFirst(given2);
    expect(await tokens.verify(given2)).toBeDefined();
  });

  test('that was given and revoked is told of in the log at every start, without its value', async () => {
    const told: string[] = [];
    const logging = new AccessTokens(database.db, clock, openLog({ to: { write: (line) => told.push(line) } }));
    await logging.ensureFirst(given1);
    expect(told).toEqual([]);
    await logging.revoke('environment');
    await logging.ensureFirst(given1);
    expect(told).toEqual([expect.stringMatching(/CONNECTOR_HOST_ADMIN_TOKEN is revoked.*Set a new value/)]);
    expect(told.join()).not.toContain(given1);
    await logging.ensureFirst(given2);
    expect(told).toHaveLength(1);
  });

  test('may be given although this host made it, and stays what it is', async () => {
    const token = (await tokens.ensureFirst()) ?? '';
    await tokens.ensureFirst(token);
    expect(await tokens.list()).toMatchObject([{ name: 'first super-admin', state: 'active' }]);
    const viewer = await tokens.create({ name: 'viewer', role: 'viewer' });
    await expect(tokens.ensureFirst(viewer.token)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  test('that is given is told of each time it is another one', async () => {
    await database.db.pool.query('truncate connector_host.events');
    for (const given of [given1, given1, given2]) await tokens.ensureFirst(given);
    const { rows } = await database.db.pool.query('select kind, data ->> $1 as token from connector_host.events', [
      'token',
    ]);
    expect(rows).toEqual(Array(2).fill({ kind: 'access.token_created', token: 'environment' }));
  });

  test.each([
    'short-of-thirty-two-characters',
    ` ${given1}`,
    'choose-a-long-one-choose-a-long-one',
    'x'.repeat(40),
    '<a long random value of your own>',
  ])('that is given as "%s" is refused', async (token) => {
    await expect(tokens.ensureFirst(token)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});

describe('an access token', () => {
  test('is stored as a hash only', async () => {
    const { token } = await tokens.create({ name: 'ci', role: 'viewer' });
    const rows = await database.db.pool.query('select row_to_json(t)::text as row from connector_host.access_tokens t');
    // A column of bytes shows as hexadecimal.
    for (const form of [token.slice(4), Buffer.from(token.slice(4)).toString('hex')]) {
      expect(JSON.stringify(rows.rows)).not.toContain(form);
      expect(JSON.stringify(await tokens.list())).not.toContain(form);
    }
  });

  test('lets nobody in when it is unknown or altered', async () => {
    const { token } = await tokens.create({ name: 'ci', role: 'viewer' });
    expect(await tokens.verify(token)).toMatchObject({ name: 'ci', role: 'viewer' });
    expect(await tokens.verify(`${token}x`)).toBeUndefined();
    expect(await tokens.verify('')).toBeUndefined();
  });

  test('ends at its expiry', async () => {
    const expiresAt = new Date(clock.now() + 1000);
    const { token, view } = await tokens.create({ name: 'ci', role: 'viewer', expiresAt });
    expect(await tokens.verify(token)).toBeDefined();
    await clock.engine.tick(1000);
    expect(await tokens.verify(token)).toBeUndefined();
    expect((await tokens.list()).find(({ id }) => id === view.id)?.state).toBe('expired');
  });

  test('ends when it is revoked; again changes nothing', async () => {
    const { token, view } = await tokens.create({ name: 'ci', role: 'viewer' });
    const { revokedAt } = await tokens.revoke(view.id);
    await clock.engine.tick(5000);
    expect(await tokens.revoke(view.id)).toMatchObject({ state: 'revoked', revokedAt });
    expect(await tokens.verify(token)).toBeUndefined();
    await expect(tokens.revoke('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['name', { name: ' ', role: 'viewer' as const }],
    ['role', { name: 'x', role: 'god' as never }],
    ['expiresAt', { name: 'x', role: 'viewer' as const, expiresAt: new Date(0) }],
  ])('is not made with a wrong %s', async (field, input) => {
    await expect(tokens.create(input)).rejects.toMatchObject({ code: 'INPUT_INVALID', errors: [{ field }] });
  });
});
