/** The list of requests as a file: what somebody who has to prove an erasure reads in it, line by line. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Answer, atRest, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
let connection = '';
const call: RunningHost['call'] = (...args) => running.call(...args);

type Line = Readonly<Record<string, string>>;

/** A line of a file without line breaks in its cells. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}

/** The file, by request id. */
async function exported(query = ''): Promise<ReadonlyMap<string, Line>> {
  const { status, type, body } = await call('GET', `/api/v1/requests/export${query}`);
  expect([status, type]).toEqual([200, expect.stringContaining('text/csv')]);
  const [head = '', ...lines] = String(body).trimEnd().split('\r\n');
  const names = cellsOf(head);
  const read = lines.map((line) => Object.fromEntries(cellsOf(line).map((cell, at) => [names[at] ?? '', cell])));
  return new Map(read.map((line) => [line['request_id'] ?? '', line]));
}

const person = (requestId: string, value: string, more: object = {}) => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind: 'user_id', value }],
  ...more,
});

async function hand(requestId: string, value: string, more: object = {}): Promise<Answer['body']> {
  expect((await call('POST', '/api/v1/requests', person(requestId, value, more))).status).toBe(202);
  return running.until(`/api/v1/requests/${requestId}`, atRest);
}

beforeAll(async () => {
  running = await runHost({}, { badId: /^refused/ });
  connection = await running.connect('Acme, "Production"');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
});
afterAll(() => running.stop());

test('names the connection, the vendor’s reference, on whose word it is done, and what is left over by system', async () => {
  const shown = await hand('plain', 'u-1');
  const line = (await exported()).get('plain') as Line;
  expect(line).toMatchObject({
    right: 'deletion',
    state: 'left_over',
    connection: 'Acme, "Production"',
    connection_id: connection,
    task_state: 'complete',
    basis: 'vendor',
    exceptions: '',
    settled_at: '',
    reference: shown.operations[0].reference,
  });
  const left = shown.leftovers.map((one: Line) => `${one['name']} (${one['code']}, ${one['state']})`);
  expect(left.length).toBeGreaterThan(0);
  expect(line['left_over']?.split('; ')).toEqual(left);
});

test('tells by when the law wanted it, and how it stands by that', async () => {
  await hand('late', 'u-2', { receivedAt: '2026-01-31', jurisdiction: 'ccpa' });
  expect((await exported()).get('late')).toMatchObject({
    received_at: '2026-01-31T00:00:00.000Z',
    jurisdiction: 'ccpa',
    due_at: '2026-03-17T23:59:59.999Z',
    timing: 'late',
  });
  const due = await exported('?timing=late');
  expect([...due.keys()]).toEqual(['late']);
});

test('has the reference of everybody of a batch that was divided, and the cause of whom the vendor refused', async () => {
  const ids = ['d-1', 'd-2', 'd-3', 'd-4', 'd-5', 'd-6', 'd-7'];
  const lines = ids.map((id) => JSON.stringify(person(id, id === 'd-4' ? 'refused' : id)));
  const { body } = await call('POST', '/api/v1/requests/import', lines.join('\n'), { type: 'application/x-ndjson' });
  expect(body.accepted).toBe(7);
  await running.until('/api/v1/requests?search=d-&limit=10', ({ items }) => items.every(atRest));
  const found = await exported('?search=d-');
  const { body: operations } = await call('GET', '/api/v1/operations?limit=100');
  expect(operations.items.map(({ state }: { state: string }) => state)).toContain('divided');
  expect(found.get('d-4')).toMatchObject({
    state: 'error',
    reference: '',
    error_code: 'IDENTIFIER_REFUSED',
    basis: '',
  });
  for (const id of ids.filter((one) => one !== 'd-4')) {
    const detail = (await call('GET', `/api/v1/requests/${id}`)).body;
    const references = detail.operations.flatMap(({ reference }: { reference?: string }) => reference ?? []);
    expect(references).toHaveLength(1);
    expect([id, found.get(id)?.['reference']]).toEqual([id, references[0]]);
  }
});

test('tells what the vendor did not do by system, also where what was left over was not recorded', async () => {
  const exceptions = [{ system: 'Braze', reason: 'It is not set up.' }];
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  const { operation } = (await hand('old', 'u-3')).tasks[0];
  await client.query('update connector_host.operations set exceptions = $1, left_over = null where id = $2', [
    JSON.stringify(exceptions),
    operation,
  ]);
  await client.query('update connector_host.tasks set left_over = null where operation = $1', [operation]);
  await client.end();
  expect((await exported()).get('old')).toMatchObject({
    exceptions: 'Braze: It is not set up.',
    left_over: 'not recorded',
  });
});

test('tells which request took the place of another, and why an error was closed', async () => {
  await hand('closed', 'refused 1');
  await call('POST', '/api/v1/requests/closed/close', { reason: 'A test account.' });
  await hand('wrong', 'refused 2');
  const { requestId, identifiers } = person('right', 'u-4');
  await call('POST', '/api/v1/requests/wrong/correct', { requestId, identifiers });
  const found = await exported();
  expect(found.get('closed')).toMatchObject({ state: 'error', closed_because: 'A test account.' });
  expect(found.get('wrong')?.['closed_because']).toBe('Corrected by right');
  expect(found.get('right')?.['corrects']).toBe('wrong');
});

test('holds no identifier of anybody', async () => {
  const { body } = await call('GET', '/api/v1/requests/export');
  expect(String(body)).not.toMatch(/\bu-\d|refused \d/);
});
