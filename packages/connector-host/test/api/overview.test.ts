import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { csvCell } from '../../src/reading/export.js';
import { knownZone, localDate } from '../../src/requests/zoned-days.js';
import { countsOf, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const csv = { type: 'text/csv' };
const file = [
  'request_id,right,email,user_id',
  'one,deletion,one@example.com,u1',
  'two,deletion,two@example.com,',
  'two,deletion,two@example.com,',
  'three,access,three@example.com,',
  ',deletion,nobody@example.com,',
].join('\n');

/** Lets the day pass by which a request should have been done. */
async function overdue(requestId: string): Promise<void> {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  await client.query(`update connector_host.requests set due_at = now() - interval '1 day' where request_id = $1`, [
    requestId,
  ]);
  await client.end();
}

beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.stop());

describe('before anything happened', () => {
  test('the overview has a number for everything, and no durations', async () => {
    const { status, body } = await call('GET', '/api/v1/overview?days=7');
    expect(status).toBe(200);
    expect(body.daysToComplete).toEqual({ concluded: 0 });
    expect(body.days.length).toBe(7);
    expect(body.connections).toEqual([]);
  });

  test('a file cannot be tried out where nothing is connected', async () => {
    const { status, body } = await call('POST', '/api/v1/requests/import/plan', file, csv);
    expect([status, body.code]).toEqual([422, 'NO_CONNECTION']);
  });
});

describe('with a connection', () => {
  beforeAll(async () => {
    await running.connect('Production');
  });

  test('the dry run of a file counts as the import would, keeps nothing and sends nothing', async () => {
    const planned = await call('POST', '/api/v1/requests/import/plan', file, csv);
    expect(planned.status).toBe(200);
    expect(planned.body).toMatchObject({ accepted: 3, duplicates: 1, rejected: 1, errors: [{ line: 6 }] });
    expect(planned.body.plan).toMatchObject({ subjects: 2, vendorCalls: 1 });
    expect(planned.body.plan.connections[0]).toMatchObject({
      name: 'Production',
      subjects: 2,
      identifiers: 3,
      estimated: true,
      notKnown: 1,
    });
    expect((await call('GET', '/api/v1/requests')).body.total).toBe(0);
    const imported = await call('POST', '/api/v1/requests/import', file, csv);
    const { plan: _, ...counts } = planned.body;
    expect(imported.body).toEqual(counts);
  });

  test('a file that was imported is all duplicates; another content under a known id is a bad line', async () => {
    const again = `${file}\none,deletion,other@example.com,`;
    const { body } = await call('POST', '/api/v1/requests/import/plan', again, csv);
    expect(body).toMatchObject({ accepted: 0, duplicates: 4, rejected: 2, plan: { subjects: 0, connections: [] } });
  });

  test('the figures follow what happened', async () => {
    await running.until('/api/v1/requests', ({ counts }) => counts.pending + counts.processing === 0);
    const { body } = await call('GET', '/api/v1/overview?days=2&zone=Europe%2FBerlin');
    expect(body.counts).toEqual(countsOf({ left_over: 2, waiting_for_person: 1 }));
    expect(body.daysToComplete.concluded).toBe(2);
    expect(body.daysToComplete.median).toBeLessThanOrEqual(body.daysToComplete.p90);
    expect(body.durations.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(2);
    expect(body.days.at(-1)).toMatchObject({ accepted: 3, concluded: 2, withTrouble: 2 });
    expect(body.waiting).toEqual({ batch: 0, quota: 0, rate: 0, vendor: 0, reconnect: 0, paused: 0, connector: 0 });
  });

  test.each(['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv'])(
    '%s is a zone, by whatever name the database knows it',
    async (zone) => {
      const { status, body } = await call('GET', `/api/v1/overview?days=2&zone=${encodeURIComponent(zone)}`);
      expect([status, body.days]).toMatchObject([200, [{}, { day: localDate(Date.now(), zone) }]]);
    },
  );

  test('what waits is counted by what it waits for', async () => {
    const { items } = (await call('GET', '/api/v1/connections')).body;
    await call('PATCH', `/api/v1/connections/${items[0].id}`, { state: 'paused' });
    await call('POST', '/api/v1/requests', {
      requestId: 'four',
      right: 'deletion',
      identifiers: [{ kind: 'email', value: 'four@example.com' }],
    });
    const { body } = await call('GET', '/api/v1/overview');
    expect(body.waiting).toEqual({ batch: 0, quota: 0, rate: 0, vendor: 0, reconnect: 0, paused: 1, connector: 0 });
    expect([body.open, body.slow]).toEqual([{ onTime: 4, dueSoon: 0, late: 0 }, 0]);
    expect(body.connections).toEqual([{ connection: items[0].id, open: 2, late: 0, slow: 0, errors: 0 }]);
  });

  test('the export has a line for each task under the filter, newest first, and no identifiers', async () => {
    const { type, body } = await call('GET', '/api/v1/requests/export?right=deletion');
    expect(type).toContain('text/csv');
    const lines = body.trimEnd().split('\r\n');
    expect(lines.map((line: string) => line.split(',')[0])).toEqual(['request_id', 'four', 'two', 'one']);
    expect(body).not.toContain('@');
  });

  test('a person counts once, however many connections they wait for or are late at', async () => {
    const { items } = (await call('GET', '/api/v1/connections')).body;
    const second = await running.connect('Staging');
    await call('PATCH', `/api/v1/connections/${second}`, { state: 'paused' });
    await call('POST', '/api/v1/requests', {
      requestId: 'five',
      right: 'deletion',
      identifiers: [{ kind: 'email', value: 'five@example.com' }],
      connections: [items[0].id, second],
    });
    const before = (await call('GET', '/api/v1/overview')).body;
    expect(before.waiting).toEqual({ batch: 0, quota: 0, rate: 0, vendor: 0, reconnect: 0, paused: 2, connector: 0 });
    expect(before.open).toEqual({ onTime: 5, dueSoon: 0, late: 0 });
    await overdue('five');
    expect((await call('GET', '/api/v1/overview')).body.open).toEqual({ onTime: 4, dueSoon: 0, late: 1 });
    expect((await call('GET', '/api/v1/requests?timing=late')).body.total).toBe(1);
  });
});

test('a cell that a spreadsheet would run stays a text', () => {
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell('a,"b"')).toBe('"a,""b"""');
  expect(csvCell(null)).toBe('');
});

test('an unknown zone counts as UTC', () => {
  expect(knownZone('Nowhere/At-All')).toBe('UTC');
  expect(knownZone('Europe/Berlin')).toBe('Europe/Berlin');
  for (const offset of ['+13:00', '-08', '+0530']) expect(knownZone(offset)).toBe('UTC');
});
