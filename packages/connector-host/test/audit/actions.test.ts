import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { AuditView } from '../../src/audit/chain.js';
import { type RunningHost, runHost } from '../api/running-host.js';

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const logged = async (): Promise<AuditView[]> => (await call('GET', '/api/v1/audit?after=0&limit=1000')).body.items;

beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.stop());

test('every action is in the audit log: who, what, when, to what; and neither secret nor person', async () => {
  const connection = await running.connect('Acme');
  const person = { kind: 'email', value: 'grace.hopper@example.com' };
  const request = { requestId: 'r-1', right: 'deletion', identifiers: [person] };
  const manager = await running.tokenOf('privacy-manager');
  const as = { token: manager };
  await call('POST', '/api/v1/requests', request, as);
  await call('POST', '/api/v1/requests/import', `request_id,email\nr-2,ada@example.com\n`, { ...as, type: 'text/csv' });
  await running.until('/api/v1/requests/r-1', ({ state }) => state === 'left_over');
  await running.until('/api/v1/requests/r-2', ({ state }) => state === 'left_over');
  await call('GET', '/api/v1/requests/r-1/receipt', undefined, as);
  await call('GET', '/api/v1/requests/export', undefined, as);
  await call('PATCH', `/api/v1/connections/${connection}`, { state: 'paused' });
  await call('POST', '/api/v1/requests', { ...request, requestId: 'r-3' }, as);
  await call('POST', '/api/v1/requests/r-3/cancel', {}, as);
  await call('PATCH', `/api/v1/connections/${connection}`, { state: 'active', name: 'Acme EU' });
  await call('POST', `/api/v1/connections/${connection}/check`, {});
  // The host looks by itself once it is connected; who asks meanwhile starts nothing.
  const detections = `/api/v1/connections/${connection}/detections`;
  await running.until(detections, ({ items: [last] }) => last?.state === 'complete');
  await call('POST', detections, {});
  const { items } = (await call('GET', '/api/v1/systems?limit=1')).body;
  const system = `/api/v1/connections/${connection}/systems/${encodeURIComponent(items[0].key)}`;
  await call('PATCH', system, { archived: true, reason: 'Not in use.' });
  await call('POST', '/api/v1/session', undefined, as);
  await call('POST', '/api/v1/keys/rotate', { key: 'receipts' });
  await call('POST', '/api/v1/keys/rotate', { key: 'master' });
  await call('POST', '/api/v1/keys/rotate', { key: 'data' });
  await call('POST', '/api/v1/keys/rotate', { key: 'people' });
  await call('POST', '/api/v1/purge', { retentionDays: 0, longestRetentionDays: 0 });
  const { body: tokens } = await call('GET', '/api/v1/tokens');
  const { id } = tokens.items.find(({ role }: { role: string }) => role === 'privacy-manager');
  await call('DELETE', `/api/v1/tokens/${id}`);
  await call('DELETE', `/api/v1/connections/${connection}`);

  const entries = await logged();
  expect(new Set(entries.map(({ action }) => action))).toEqual(
    new Set([
      'connection.created',
      'access.token_created',
      'request.accepted',
      'request.imported',
      'receipt.issued',
      'request.exported',
      'connection.paused',
      'task.cancelled',
      'connection.updated',
      'connection.active',
      'connection.checked',
      'detection.started',
      'system.archived',
      'access.signed_in',
      'keys.receipts_rotated',
      'keys.rotated',
      'keys.data_rotated',
      'keys.people_rotated',
      'request.purged',
      'access.token_revoked',
      'connection.removed',
    ]),
  );
  const accepted = entries.find(({ action }) => action === 'request.accepted');
  expect(accepted).toMatchObject({ actor: id, actorName: 'a privacy-manager', target: { request: 1 } });
  const text = JSON.stringify(entries);
  for (const hidden of ['example.com', 'grace', manager, running.sandbox.tokens.publicOwner])
    expect(text).not.toContain(hidden);
});

test('only a super-admin reads it', async () => {
  for (const role of ['connections-manager', 'privacy-manager', 'viewer'] as const) {
    const token = await running.tokenOf(role);
    expect((await call('GET', '/api/v1/audit', undefined, { token })).status).toBe(403);
  }
});

test('a key is not replaced where the audit log cannot tell of it', async () => {
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  const keys = async () => (await call('GET', '/.well-known/jwks.json', undefined, { token: null })).body.keys.length;
  const master = async () => (await client.query('select distinct master_key_id from connector_host.data_keys')).rows;
  const before = [await keys(), await master()];
  await client.query(`create function connector_host.full() returns trigger language plpgsql as $$
      begin if new.action like 'keys.%' then raise exception 'The disk is full'; end if; return new; end $$;
    create trigger is_full before insert on connector_host.audit_log for each row execute function connector_host.full()`);
  for (const key of ['receipts', 'master'])
    expect((await call('POST', '/api/v1/keys/rotate', { key })).status).toBe(500);
  expect([await keys(), await master()]).toEqual(before);
  await client.query('drop trigger is_full on connector_host.audit_log; drop function connector_host.full');
  await client.end();
  expect((await call('POST', '/api/v1/keys/rotate', { key: 'master' })).status).toBe(200);
});
