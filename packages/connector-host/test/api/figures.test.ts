/** Settings and quota of a connection over HTTP, and the figures for Prometheus that hang on them. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { monthOf, nextMonth } from '../../src/connections/quota.js';
import { type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
let id = '';
const call: RunningHost['call'] = (...args) => running.call(...args);
const metrics = async (): Promise<string> => (await call('GET', '/metrics', undefined, { token: null })).body;
const query = async (text: string, values: unknown[] = []) => {
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  await client.query(text, values).finally(() => client.end());
};

beforeAll(async () => {
  running = await runHost({ planWindowMs: 600_000 });
  const { sandbox } = running;
  const config = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url };
  const settings = { repeatUncertain: true };
  const made = await call('POST', '/api/v1/connections', {
    connector: 'segment-config',
    name: 'Acme',
    config,
    settings,
  });
  expect(made.body).toMatchObject({ settings, quota: { source: 'host', limit: 110_000, remaining: 110_000 } });
  id = made.body.id;
});
afterAll(() => running.stop());

describe('settings', () => {
  test('are changed one by one', async () => {
    const path = `/api/v1/connections/${id}`;
    const { body } = await call('PATCH', path, { settings: { monthlyQuota: 200_000 } });
    expect(body).toMatchObject({
      settings: { repeatUncertain: true, monthlyQuota: 200_000 },
      quota: { limit: 200_000 },
    });
    expect((await call('PATCH', path, { settings: { monthlyQuota: null } })).body.quota.limit).toBe(110_000);
  });

  test.each([{}, { repeatUncertain: 'yes' }, { monthlyQuota: 0 }, { monthlyQuota: 1.5 }, { other: true }])(
    'refuse %j',
    async (settings) => {
      const { status, body } = await call('PATCH', `/api/v1/connections/${id}`, { settings });
      expect([status, body.code]).toEqual([400, 'INPUT_INVALID']);
    },
  );
});

describe('figures', () => {
  test('tell what waits and for how long, what is late, how many jobs there are and what is left of the quota', async () => {
    for (const requestId of ['a', 'b', 'c']) {
      const identifiers = [{ kind: 'user_id', value: requestId }];
      await call('POST', '/api/v1/requests', { requestId, right: 'deletion', identifiers });
    }
    const now = Date.now();
    await query(
      `update connector_host.tasks set state = 'processing', expected_by = now() - interval '1 day'
       where request = (select id from connector_host.requests where request_id = 'c')`,
    );
    await query('insert into connector_host.quota_counts (connection, month, used) values ($1, $2, 10)', [
      id,
      monthOf(now),
    ]);
    const text = await metrics();
    const of = (name: string, labels = '') => `connector_host_${name}{connection="${id}"${labels}}`;
    expect(text).toContain(`${of('tasks_open', ',state="pending"')} 2`);
    expect(text).toMatch(new RegExp(`${of('oldest_pending_seconds')} [0-9.]+`));
    expect(text).toContain(`${of('tasks_slow')} 1`);
    expect(text).toContain('connector_host_requests_unsettled{timing="late"} 0');
    expect(text).toContain('connector_host_requests_unsettled{timing="on_time"} 3');
    expect(text).toContain(`${of('quota_left')} 109990`);
    expect(text).toMatch(/connector_host_jobs\{job="plan",state="(ready|delayed|active)"\} 1/);
    const dry = await call('POST', '/api/v1/requests/plan', { filter: {} });
    expect(dry.body.connections[0]).toMatchObject({ quotaLeft: 109_990, quotaResetsAt: nextMonth(now).toISOString() });
  });

  test('count calls by what came of them, those that were not taken and tried again too', async () => {
    await query(
      `insert into connector_host.operations (connection, state, subjects, identifiers, bytes, attempts, polls, reference)
       values ($1, 'accepted', 1, 1, 1, 3, 4, 'r'), ($1, 'planned', 1, 1, 1, 2, 0, null), ($1, 'undecided', 1, 1, 1, 1, 0, null)`,
      [id],
    );
    const text = await metrics();
    const calls = (kind: string, outcome: string) =>
      new RegExp(`vendor_calls\\{connection="${id}",call="${kind}",outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1];
    expect(calls('submit', 'accepted')).toBe('1');
    expect(calls('submit', 'not_taken')).toBe('4');
    expect(calls('submit', 'uncertain')).toBe('1');
    expect(calls('status', 'answered')).toBe('4');
  });

  test('are the same for all who ask at once', async () => {
    const figures = (text: string) => text.split('\n').filter((line) => /vendor_calls\{.*call="check"/.test(line));
    const alone = figures(await metrics());
    const together = await Promise.all(Array.from({ length: 4 }, () => metrics()));
    expect(together.map(figures)).toEqual(Array(4).fill(alone));
  });

  test('count looks for a lost submission, checks and detections by what came of them', async () => {
    const before = await metrics();
    await query(
      `insert into connector_host.events (kind, connection, data) values
       ('operation.found', $1, '{}'), ('operation.found', $1, '{}'), ('operation.absent', $1, '{}'),
       ('operation.undecided', $1, '{}'), ('operation.repeated', $1, '{}'), ('connection.checked', $1, '{"status": "blocked"}'),
       ('connection.created', $1, '{"status": "partial"}')`,
      [id],
    );
    await query(`insert into connector_host.detections (connection, trigger, state) values ($1, 'manual', 'failed')`, [
      id,
    ]);
    const after = await metrics();
    const more = (kind: string, outcome: string) => {
      const [was, is] = [before, after].map((text) =>
        Number(
          new RegExp(`vendor_calls\\{connection="${id}",call="${kind}",outcome="${outcome}"\\} (\\d+)`).exec(
            text,
          )?.[1] ?? 0,
        ),
      );
      return (is ?? 0) - (was ?? 0);
    };
    expect(more('reconcile', 'found')).toBe(2);
    expect(more('reconcile', 'absent')).toBe(1);
    expect(more('reconcile', 'undecided')).toBe(2);
    expect(more('check', 'blocked')).toBe(1);
    // A connection is checked before it is kept.
    expect(more('check', 'partial')).toBe(1);
    expect(more('detect', 'failed')).toBe(1);
  });

  test('are those that docs/operations.md explains, each of them', async () => {
    const page = await readFile(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    const explained = [...page.matchAll(/^\| `(connector_host_\w+)`/gm)].map(([, name]) => name);
    const there = [...(await metrics()).matchAll(/^# HELP (connector_host_\w+)/gm)].map(([, name = '']) => name);
    const own = there.filter((name) => !/^connector_host_(process_(?!clock)|nodejs_)/.test(name));
    expect(explained.sort()).toEqual(own.sort());
  });
});
