/** The clock of the law, by every way in and out: it runs by the request's due time, whatever the vendor says. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectorHost } from '../cli/run.js';
import { ADMIN, type RunningHost, runHost } from './running-host.js';

const day = 86_400_000;
const began = Date.now();
const date = (days: number) => new Date(began + days * day).toISOString().slice(0, 10);
const endOf = (text: string) => `${text}T23:59:59.999Z`;

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const body = (requestId: string, more: Readonly<Record<string, unknown>> = {}) => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind: 'user_id', value: `user of ${requestId}` }],
  ...more,
});
const ids = ({ items }: { items: { requestId: string }[] }) => items.map(({ requestId }) => requestId);
const cli = (...args: string[]) =>
  connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN }, 'user_id=u-cli\n');

beforeAll(async () => {
  // A vendor that takes what it is sent and finishes nothing.
  running = await runHost({}, { speed: 0.000_1 });
  await running.connect('Production');
});
afterAll(() => running.stop());

describe('the time that the law gives', () => {
  test('is kept when the vendor accepts, and judged by alone: due yesterday is late, whatever the vendor expects', async () => {
    const accepted = await call(
      'POST',
      '/api/v1/requests',
      body('yesterday', { receivedAt: date(-32), dueAt: date(-1) }),
    );
    expect(accepted.body).toMatchObject({ dueAt: endOf(date(-1)), timing: 'late', jurisdiction: 'gdpr' });
    const found = await running.until('/api/v1/requests/yesterday', ({ tasks }) => tasks[0].state === 'processing');
    expect(Date.parse(found.expectedBy)).toBeGreaterThan(Date.now());
    expect(found).toMatchObject({ dueAt: endOf(date(-1)), timing: 'late', tasks: [{ slow: false }] });
  });

  test('is a month by default, 45 days in California, so many days elsewhere, and a date that is given', async () => {
    const due = async (requestId: string, more: object) =>
      (await call('POST', '/api/v1/requests', body(requestId, { receivedAt: '2026-01-31', ...more }))).body;
    expect(await due('gdpr', {})).toMatchObject({ receivedAt: '2026-01-31T00:00:00.000Z', dueAt: endOf('2026-02-28') });
    expect(await due('ccpa', { jurisdiction: 'ccpa' })).toMatchObject({ dueAt: endOf('2026-03-17') });
    const other = await due('other', { jurisdiction: 'other', days: 10 });
    expect(other).toMatchObject({ jurisdiction: 'other', days: 10, dueAt: endOf('2026-02-10') });
  });

  test.each([
    ['a time that is none', { receivedAt: 'yesterday' }, 'receivedAt'],
    ['a person who asks next week', { receivedAt: date(7) }, 'receivedAt'],
    ['a law that is not known', { jurisdiction: 'lgpd' }, 'jurisdiction'],
    ['another law without days', { jurisdiction: 'other' }, 'days'],
  ])('is refused for %s, on every way in', async (_name, more, field) => {
    const { status, body: problem } = await call('POST', '/api/v1/requests', body('refused', more));
    expect([status, problem.errors[0].field]).toEqual([422, field]);
    expect((await call('POST', '/api/v1/requests/plan', { requests: [body('refused', more)] })).status).toBe(422);
    const ndjson = { type: 'application/x-ndjson' };
    const imported = await call('POST', '/api/v1/requests/import', JSON.stringify(body('refused', more)), ndjson);
    expect(imported.body).toMatchObject({
      accepted: 0,
      errors: [{ line: 1, message: expect.stringContaining(field) }],
    });
    const planned = await call('POST', '/api/v1/requests/import/plan', JSON.stringify(body('refused', more)), ndjson);
    expect(planned.body).toMatchObject({ accepted: 0, rejected: 1 });
  });

  test('is read from the columns of a file', async () => {
    const file = [
      'request_id,user_id,received_at,due_at,jurisdiction',
      'file-1,f1,2026-01-31,,CCPA',
      `file-2,f2,,${date(3)},`,
      'file-3,f3,soon,,',
    ].join('\n');
    const { body: report } = await call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
    expect(report).toMatchObject({ accepted: 2, rejected: 1, errors: [{ line: 4 }] });
    expect((await call('GET', '/api/v1/requests/file-1')).body).toMatchObject({
      jurisdiction: 'ccpa',
      dueAt: endOf('2026-03-17'),
    });
    expect((await call('GET', '/api/v1/requests/file-2')).body).toMatchObject({
      dueAt: endOf(date(3)),
      timing: 'due_soon',
    });
  });

  test('is said on the command line, and told there', async () => {
    const submitted = await cli(
      'submit',
      'cli-1',
      '--received',
      '2026-01-31',
      '--jurisdiction',
      'other',
      '--days',
      '20',
    );
    expect([submitted.code, submitted.out]).toEqual([0, expect.stringContaining('Due 2026-02-20 23:59:59 UTC (other')]);
    const status = await cli('status', '--timing', 'late', '--sort', 'due');
    expect(status.out).toMatch(/cli-1 .*2026-02-20/);
    expect(status.out).not.toContain('file-2');
    expect((await cli('status', 'cli-1')).out).toContain('received 2026-01-31 00:00:00 UTC), late');
  });

  test('does not make another request of one that was sent before', async () => {
    expect((await call('POST', '/api/v1/requests', body('same'))).status).toBe(202);
    expect((await call('POST', '/api/v1/requests', body('same'))).status).toBe(200);
    expect((await call('POST', '/api/v1/requests', body('same', { jurisdiction: 'ccpa' }))).status).toBe(409);
  });
});

describe('lists and figures', () => {
  test('sort by it, page by page, and filter by it', async () => {
    const all = (await call('GET', '/api/v1/requests?sort=due&limit=1000')).body;
    const dues = all.items.map(({ dueAt }: { dueAt: string }) => dueAt);
    expect(dues).toEqual(dues.toSorted());
    const paged: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: { items: { requestId: string }[]; nextCursor?: string } = (
        await call('GET', `/api/v1/requests?sort=due&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body;
      paged.push(...ids(page));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(ids(all));
    const soon = (await call('GET', '/api/v1/requests?timing=due_soon')).body;
    expect([ids(soon), soon.total]).toEqual([['file-2'], 1]);
    const newest = (await call('GET', '/api/v1/requests?limit=1')).body.nextCursor;
    expect((await call('GET', `/api/v1/requests?sort=due&cursor=${newest}`)).body.code).toBe('CURSOR_INVALID');
  });

  test('count by it what is not settled', async () => {
    const { open, slow } = (await call('GET', '/api/v1/overview')).body;
    const late = (await call('GET', '/api/v1/requests?timing=late')).body.total;
    expect([open.late, open.dueSoon, slow]).toEqual([late, 1, 0]);
    const text: string = (await call('GET', '/metrics', undefined, { token: null })).body;
    expect(text).toContain(`connector_host_requests_unsettled{timing="late"} ${late}`);
  });
});

describe('the extension', () => {
  const extend = (requestId: string, until: string, reason = 'a complex request') =>
    call('POST', `/api/v1/requests/${requestId}/extend`, { until, reason });

  test('moves the time once, with a reason that stands in the timeline', async () => {
    await call('POST', '/api/v1/requests', body('long', { dueAt: date(10), receivedAt: date(-20) }));
    const { status, body: extended } = await extend('long', date(60));
    expect(status).toBe(200);
    expect(extended).toMatchObject({
      dueAt: endOf(date(60)),
      extension: { until: endOf(date(60)), reason: 'a complex request', from: endOf(date(10)) },
    });
    const told = extended.timeline.find(({ kind }: { kind: string }) => kind === 'request.extended');
    expect(told).toMatchObject({ text: expect.stringContaining('a complex request'), actor: expect.any(String) });
    const again = await extend('long', date(61));
    expect([again.status, again.body.code]).toEqual([409, 'STATE_FORBIDS']);
  });

  test.each([
    ['not later', date(10), 'gdpr'],
    ['more than two months under the GDPR', date(10 + 63), 'gdpr'],
    ['more than 45 days under the CCPA', date(10 + 46), 'ccpa'],
  ])('is refused: %s', async (_name, until, jurisdiction) => {
    const id = `bound-${until}-${jurisdiction}`;
    await call('POST', '/api/v1/requests', body(id, { dueAt: date(10), receivedAt: date(-20), jurisdiction }));
    const { status, body: problem } = await extend(id, until);
    expect([status, problem.errors?.[0]?.field]).toEqual([422, 'until']);
  });

  test('is refused once the time has passed: what is late stays late', async () => {
    await call('POST', '/api/v1/requests', body('too-late', { dueAt: date(-1), receivedAt: date(-32) }));
    const { status, body: problem } = await extend('too-late', date(30));
    expect([status, problem.code]).toEqual([409, 'STATE_FORBIDS']);
    expect([problem.detail, problem.remedy]).toEqual([
      expect.stringContaining('has passed'),
      expect.stringContaining('tell them why it is late'),
    ]);
    const found = (await call('GET', '/api/v1/requests/too-late')).body;
    expect(found).toMatchObject({ dueAt: endOf(date(-1)), timing: 'late' });
    expect(found.extension).toBeUndefined();
  });

  test('is for those who answer for requests, and is asked for at a terminal too', async () => {
    const token = await running.tokenOf('viewer');
    await call('POST', '/api/v1/requests', body('asked', { dueAt: date(5) }));
    const until = { until: date(15), reason: 'x' };
    expect((await call('POST', '/api/v1/requests/asked/extend', until, { token })).status).toBe(403);
    expect((await cli('extend', 'asked', '--until', date(15), '--reason', 'a complex request')).out).toContain(
      `extended from ${date(5)} 23:59:59 UTC: a complex request`,
    );
  });
});

test('a host counts days in the zone, and by the law, that it is set to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zone-'));
  writeFileSync(join(folder, 'host.conf'), 'zone = Nowhere/At-All\n');
  const refused = await connectorHost(['serve', '--config', join(folder, 'host.conf'), '--data-dir', folder]);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--zone')]);
  const elsewhere = await runHost({ zone: 'America/New_York', jurisdiction: 'ccpa' });
  try {
    await elsewhere.connect('Production');
    const { body: found } = await elsewhere.call(
      'POST',
      '/api/v1/requests',
      body('zone', { receivedAt: '2026-01-31' }),
    );
    expect(found).toMatchObject({ receivedAt: '2026-01-31T05:00:00.000Z', dueAt: '2026-03-18T03:59:59.999Z' });
    const listed = await connectorHost(['status'], { CONNECTOR_HOST_URL: elsewhere.url, CONNECTOR_HOST_TOKEN: ADMIN });
    expect(listed.out).toMatch(/zone .*2026-03-17/);
  } finally {
    await elsewhere.stop();
  }
});
