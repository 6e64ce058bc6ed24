import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Receipts } from '../../src/receipts/receipts.js';
import { SigningKeys } from '../../src/receipts/signing-keys.js';
import { operationMembers, operations, requests, tasks } from '../../src/store/schema.js';
import { actors, clearDesk, type Desk, openDesk } from '../connections/desk.js';

let desk: Desk;
let receipts: Receipts;
let connection = '';

beforeAll(async () => {
  desk = await openDesk();
  const { clock, registry, keyring } = desk;
  const { db } = desk.database;
  receipts = new Receipts({ db, clock, registry, keys: new SigningKeys(db, keyring, clock) });
});
afterAll(() => desk.close());
beforeEach(async () => {
  await clearDesk(desk);
  const config = { apiToken: 'right-token', account: 'north' };
  ({ id: connection } = (
    await desk.connections.create({ connector: 'harbour', name: 'North', config }, actors.admin)
  ).connection);
});

/** A request that is concluded after operations that were begun with these settings; `null` for one that was not begun. */
async function concluded(...settings: (Record<string, string> | null)[]): Promise<void> {
  const { orm } = desk.database.db;
  const now = new Date(desk.clock.now());
  const all = { right: 'deletion', state: 'complete', concludedAt: now };
  const [request] = await orm
    .insert(requests)
    .values({ ...all, requestId: 'r', digest: Buffer.of(), fingerprints: [] })
    .returning();
  const [task] = await orm
    .insert(tasks)
    .values({ ...all, request: request?.id ?? 0, connection })
    .returning();
  for (const one of settings) {
    const [operation] = await orm
      .insert(operations)
      .values({ connection, state: 'completed', subjects: 1, identifiers: 1, bytes: 1, settings: one })
      .returning();
    await orm.insert(operationMembers).values({ operation: operation?.id ?? 0, task: task?.id ?? 0 });
  }
}

async function told(): Promise<{ settings: unknown; operations: unknown[] }> {
  const content = decodeJwt(await receipts.issue('r')) as {
    tasks: { settings: unknown; operations: { settings: unknown }[] }[];
  };
  const [task] = content.tasks;
  return { settings: task?.settings, operations: task?.operations.map((one) => one.settings) ?? [] };
}

describe('what a receipt says that the connection was set to do', () => {
  const north = { account: 'north' };
  const east = { account: 'east' };

  test('is what each operation was begun with, and for the task what the last of them was, whatever is set since', async () => {
    await concluded(north, east);
    const before = { settings: east, operations: [north, east] };
    expect(await told()).toEqual(before);
    await desk.connections.update(connection, { config: { completion: 'complete-on-submit' } }, actors.admin);
    expect(await told()).toEqual(before);
  });

  test('leaves out operations that nothing was sent of', async () => {
    await concluded(north, null);
    expect(await told()).toEqual({ settings: north, operations: [north, undefined] });
  });

  test('is not known of operations from before it was kept: what is set today is not said in its place', async () => {
    await concluded(null);
    expect(await told()).toEqual({ settings: undefined, operations: [undefined] });
  });

  test('is what is set today where no operation was needed, without its secrets', async () => {
    await concluded();
    expect(await told()).toEqual({ settings: expect.objectContaining(north), operations: [] });
    expect(JSON.stringify(await told())).not.toContain('apiToken');
  });
});

test('what a deletion never reaches is not said where the connector is gone that would know', async () => {
  await concluded(null);
  const { clock, keyring, registry } = desk;
  const { db } = desk.database;
  const keys = new SigningKeys(db, keyring, clock);
  const taskBy = async (of: Pick<typeof registry, 'manifest'>) => {
    const receipt = await new Receipts({ db, clock, registry: of, keys }).issue('r');
    return (decodeJwt(receipt) as { tasks: Record<string, unknown>[] }).tasks[0];
  };
  expect(await taskBy(registry)).toMatchObject({ notReached: ['Paper archives.'] });
  expect(await taskBy({ manifest: () => undefined })).not.toHaveProperty('notReached');
});
