/** Notices as people set them up: over HTTP and at the command line, with a mail server and a receiver. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { noticeKinds } from '../../src/outbox.js';
import { ADMIN, type RunningHost, runHost } from '../api/running-host.js';
import { connectorHost } from '../cli/run.js';
import {
  certificate,
  MAIL_PASSWORD,
  type MailReceiver,
  mailReceiver,
  type WebhookReceiver,
  webhookReceiver,
} from './receivers.js';

let running: RunningHost;
let mail: MailReceiver;
let hook: WebhookReceiver;
const call: RunningHost['call'] = (...args) => running.call(...args);
const path = '/api/v1/notices';
const cli = (...args: string[]) =>
  connectorHost(['notices', ...args], { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN });

beforeAll(async () => {
  const pair = certificate();
  [mail, hook] = [await mailReceiver(pair), await webhookReceiver()];
  running = await runHost({
    mail: {
      server: `localhost:${mail.port}`,
      user: 'host',
      password: MAIL_PASSWORD,
      ca: pair.cert,
      from: 'privacy@example.com',
    },
    allowWebhooks: [hook.origin],
    publicUrl: 'https://host.example/privacy',
  });
});
afterAll(async () => {
  await running.stop();
  await mail.stop();
  await hook.stop();
});
beforeEach(async () => {
  for (const { id } of (await call('GET', path)).body.items) await call('DELETE', `${path}/${id}`);
  hook.status = 200;
  hook.calls.length = 0;
  mail.mails.length = 0;
});

const byMail = { channel: 'email', address: 'a@example.com' };
const byHook = () => ({ channel: 'webhook', url: `${hook.origin}/hook?key=canary-url` });

test('what happens is told by mail and webhook, by the job alone, and names nobody', async () => {
  await call('POST', path, { ...byMail, kinds: ['connection.reconnect', 'import.ended', 'system.not_reached'] });
  const { secret } = (await call('POST', path, byHook())).body;
  const connection = await running.connect('Acme');
  await running.until(
    `/api/v1/connections/${connection}/detections`,
    ({ items: [last] }) => last?.state === 'complete',
  );
  const file = 'request_id,email\ncanary-request-1,grace.canary@example.com\ncanary-request-2,no canary\n';
  await call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
  const types = () => new Set(hook.calls.map(({ body }) => JSON.parse(body).type));
  await running.until(
    `${path}/deliveries?state=delivered&limit=1000`,
    () => types().has('import.ended') && types().has('system.not_reached') && mail.mails.length >= 2,
  );
  const payloads = hook.calls.map(({ body, headers }) => new Webhook(secret).verify(body, headers)) as {
    type: string;
    data: Record<string, unknown>;
  }[];
  const of = (type: string) => payloads.find((one) => one.type === type)?.data;
  expect(of('import.ended')).toMatchObject({
    accepted: 1,
    rejected: 1,
    doubtful: 0,
    link: 'https://host.example/privacy/console/requests',
  });
  expect(of('system.not_reached')).toMatchObject({ connection, connectionName: 'Acme', unreached: expect.any(Number) });
  expect(mail.mails.every(({ secure }) => secure)).toBe(true);
  const sent = JSON.stringify([mail.mails.map(({ raw }) => raw), hook.calls]);
  for (const hidden of ['grace', 'canary-request', ADMIN, secret, running.sandbox.tokens.publicOwner])
    expect(sent).not.toContain(hidden);
  await call('POST', path, { channel: 'email', owner: true, kinds: ['work.assigned'] });
  const [{ id }] = (await call('GET', '/api/v1/work?state=open')).body.items;
  const owner = { name: 'Warehouse team', email: 'dwh@example.com' };
  for (const note of ['Please.', 'Still yours.'])
    await call('POST', `/api/v1/work/${id}/assign`, { owner, note: `${note} Ask grace.canary` });
  // Whoever is to do the work in a system by a decision about it is told of what is open there, and of what is opened later.
  await running.until('/api/v1/requests/canary-request-1', ({ state }) => state === 'left_over');
  const [{ system }] = (await call('GET', '/api/v1/work?kind=erase-elsewhere&state=open&owner=none')).body.items;
  const treatment = {
    kind: 'by-hand',
    reason: 'No API.',
    owner: 'Ops <ops@example.com>',
    instructions: 'Ask.',
    days: 5,
  };
  const at = `/api/v1/connections/${connection}/systems/${encodeURIComponent(system)}`;
  expect((await call('PATCH', at, { treatment })).status).toBe(200);
  await running.host.notices.look();
  expect(mail.mails.filter(({ to }) => to.includes('ops@example.com'))).toHaveLength(1);
  const assigned = mail.mails.filter(({ to }) => to.includes(owner.email));
  expect(assigned.map(({ headers }) => headers.get('subject'))).toEqual([expect.stringMatching(/^Work for you: /)]);
  expect(assigned[0]?.raw).not.toContain('canary');
  await call('DELETE', `/api/v1/connections/${connection}`);
});

test('a webhook shows its secret once and its address never; nothing of it is readable in the database', async () => {
  const made = (await call('POST', path, byHook())).body;
  expect(made.secret).toMatch(/^whsec_[\w+/]{43}=$/);
  const replaced = (await call('POST', `${path}/${made.notice.id}/secret`, {})).body;
  const listed = JSON.stringify((await call('GET', path)).body);
  expect(listed).toContain(hook.origin);
  for (const hidden of ['canary-url', made.secret, replaced.secret]) expect(listed).not.toContain(hidden);
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  const { rows } = await client.query('select n::text as n from connector_host.notices n');
  const { rows: log } = await client.query('select l::text as n from connector_host.audit_log l');
  await client.end();
  const stored = JSON.stringify([rows, log]);
  for (const hidden of ['canary-url', made.secret.slice(6, 30), replaced.secret.slice(6, 30)])
    expect(stored).not.toContain(hidden);
});

test('a test is sent at once, whatever the hour, and says what came of it', async () => {
  const { notice } = (
    await call('POST', path, { ...byMail, quiet: { from: '00:00', until: '23:59' }, zone: 'Europe/Berlin' })
  ).body;
  const tested = (await call('POST', `${path}/${notice.id}/test`, {})).body;
  expect(tested.items).toMatchObject([{ state: 'delivered', to: 'a@example.com', kind: 'test', attempts: 1 }]);
  expect(mail.mails[0]?.headers.get('subject')).toBe('A test of your notices');
  expect(mail.mails[0]?.headers.get('message-id')).toContain(tested.items[0].id);
  const made = (await call('POST', path, byHook())).body;
  hook.status = 500;
  const failed = (await call('POST', `${path}/${made.notice.id}/test`, {})).body;
  expect(failed.items).toMatchObject([{ state: 'waiting', failure: { code: 'WEBHOOK_NOT_TAKEN' } }]);
  hook.status = 200;
  const [{ id }] = failed.items;
  await call('POST', `${path}/deliveries/${id}/resend`, {});
  await running.until(`${path}/deliveries?notice=${made.notice.id}`, ({ items }) => items[0].state === 'delivered');
  expect(new Set(hook.calls.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
});

describe('what is wrong is refused by field', () => {
  test.each([
    ['nobody', { channel: 'email' }, 'channel'],
    ['two ways', { ...byMail, role: 'viewer' }, 'channel'],
    ['a webhook without an address', { channel: 'webhook', address: 'a@example.com' }, 'channel'],
    ['a list of addresses', { channel: 'email', address: 'a@example.com, b@example.com' }, 'address'],
    ['an address with a header', { channel: 'email', address: 'a@example.com\r\nBcc: b@example.com' }, 'address'],
    ['http', { channel: 'webhook', url: 'http://hooks.example' }, 'url'],
    ['a private address', { channel: 'webhook', url: 'https://10.0.0.1/x' }, 'url'],
    ['a zone', { ...byMail, zone: 'Mars/Base' }, 'zone'],
    ['quiet hours of no length', { ...byMail, quiet: { from: '07:00', until: '07:00' } }, 'quiet'],
  ])('%s', async (_name, body, field) => {
    const { status, body: problem } = await call('POST', path, body);
    expect([status, problem.errors?.[0]?.field]).toEqual([400, field]);
    expect(problem.errors[0].remedy).toEqual(expect.any(String));
  });

  test('an unknown kind, an unknown notice, an unknown delivery', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await call('POST', path, { ...byMail, kinds: ['all'] })).status).toBe(400);
    expect((await call('PATCH', `${path}/${nobody}`, { active: false })).status).toBe(404);
    expect((await call('DELETE', `${path}/${nobody}`)).status).toBe(404);
    expect((await call('POST', `${path}/deliveries/${nobody}/resend`, {})).status).toBe(404);
    expect((await call('GET', `${path}/deliveries?cursor=nonsense`)).status).toBe(400);
  });
});

test('a change sets what it names and nothing else; quiet hours can be taken away', async () => {
  const { notice } = (await call('POST', path, { ...byMail, quiet: { from: '22:00', until: '07:00' } })).body;
  expect(notice).toMatchObject({ active: true, zone: 'UTC', kinds: [...noticeKinds] });
  const changed = (await call('PATCH', `${path}/${notice.id}`, { kinds: ['work.overdue'], active: false })).body;
  expect(changed).toEqual({ ...notice, kinds: ['work.overdue'], active: false });
  const { quiet: _gone, ...rest } = changed;
  expect((await call('PATCH', `${path}/${notice.id}`, { quiet: null })).body).toEqual(rest);
});

test('connections managers set notices up, others do not see them', async () => {
  for (const [role, status] of [
    ['connections-manager', 200],
    ['privacy-manager', 403],
    ['viewer', 403],
  ] as const) {
    const as = { token: await running.tokenOf(role) };
    expect([role, (await call('GET', path, undefined, as)).status]).toEqual([role, status]);
    expect([role, (await call('GET', `${path}/deliveries`, undefined, as)).status]).toEqual([role, status]);
    expect([role, (await call('POST', path, byMail, as)).status]).toEqual([role, status === 200 ? 201 : 403]);
  }
});

test('every change is in the audit log, without addresses and secrets', async () => {
  const made = (await call('POST', path, byHook())).body;
  const at = `${path}/${made.notice.id}`;
  const { items } = (await call('POST', `${at}/test`, {})).body;
  await call('POST', `${path}/deliveries/${items[0].id}/resend`, {});
  await call('PATCH', at, { kinds: ['work.overdue'] });
  await call('POST', `${at}/secret`, {});
  await call('DELETE', at);
  const entries = (await call('GET', '/api/v1/audit?limit=20')).body.items.filter(
    ({ data }: { data: { notice?: string } }) => data.notice === made.notice.id,
  );
  const done = entries.map(({ action }: { action: string }) => action).reverse();
  expect(done).toEqual([
    'notice.created',
    'notice.tested',
    'notice.resent',
    'notice.changed',
    'notice.secret_replaced',
    'notice.removed',
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/whsec|localhost|canary/);
});

test('the command line adds, lists, changes, tests, resends and removes, within 80 columns', async () => {
  expect(await cli('add')).toMatchObject({ code: 2, err: expect.stringContaining('--webhook') });
  const added = await cli(
    'add',
    '--email',
    'a@example.com',
    '--kind',
    'work.assigned',
    '--kind',
    'work.overdue',
    '--quiet',
    '22:00-07:00',
  );
  const id = added.out.trim();
  expect([added.code, id]).toEqual([0, expect.stringMatching(/^[\da-f-]{36}$/)]);
  const hooked = await cli('add', '--webhook', `${hook.origin}/x`);
  expect(hooked).toMatchObject({ code: 0, out: expect.stringMatching(/^whsec_/) });
  const listed = await cli('list');
  expect(listed.out).toContain(`${id}  a@example.com\n  work.assigned, work.overdue\n  quiet from 22:00 to 07:00, UTC`);
  expect(listed.out).toContain(`webhook at ${hook.origin}\n  everything`);
  const changed = await cli('change', id, '--off', '--no-quiet');
  expect(changed.out).toBe(`${id}  a@example.com (switched off)\n  work.assigned, work.overdue\n`);
  hook.status = 500;
  const tested = await cli('test');
  expect(tested).toMatchObject({ code: 5, out: expect.stringContaining('did not take the message (500)') });
  hook.status = 200;
  expect((await cli('change', id, '--on')).code).toBe(0);
  expect(await cli('test', id)).toMatchObject({
    code: 0,
    out: expect.stringContaining('test to a@example.com\n  delivered (1 try)'),
  });
  const { items } = JSON.parse((await cli('deliveries', '--limit', '2', '--json')).out);
  expect(items).toHaveLength(2);
  const resent = await cli('resend', items[0].id);
  expect(resent).toMatchObject({ code: 0, out: expect.stringContaining(items[0].id) });
  for (const { out } of [listed, changed, tested, await cli('deliveries')])
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect((await cli('remove', id)).code).toBe(0);
  expect((await cli('list')).out).not.toContain(id);
});
