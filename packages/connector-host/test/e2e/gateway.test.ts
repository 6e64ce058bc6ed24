/** Something between the host and Segment answers in its place: a page of a proxy, a certificate that is not Segment's. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { type RunningHost, runHost } from '../api/running-host.js';

let sandbox: Sandbox;
let gateway: Server;
let running: RunningHost;
/** What it answers deletions with instead of handing them on; 0 hands them on. */
let refusing = 0;
let refused = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off' });
  gateway = createServer((inbound, outbound) => {
    if (refusing > 0 && inbound.method === 'POST') {
      refused += 1;
      outbound.writeHead(refusing, { 'content-type': 'text/html' }).end('<html><h1>Blocked</h1></html>');
      return;
    }
    const sent = request(
      sandbox.url + (inbound.url ?? '/'),
      { method: inbound.method, headers: inbound.headers },
      (answer) => {
        outbound.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outbound);
      },
    );
    inbound.pipe(sent);
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  running = await runHost({ allowEndpoints: [url] });
  const made = await running.call('POST', '/api/v1/connections', {
    connector: 'segment-config',
    name: 'Acme',
    config: { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: url },
  });
  connection = made.body.id;
});
let connection: string;
afterAll(async () => {
  await running.stop();
  await new Promise((resolve) => gateway.close(resolve));
  await sandbox.close();
});

test.each([403, 404, 451])(
  'pages that answer %i in the place of Segment conclude nobody: the connection rests, says why, and goes on by itself',
  async (status) => {
    const before = refused;
    refusing = status;
    const people = Array.from({ length: 20 }, (_, at) => `p-${status}-${at},person-${status}-${at}`);
    const file = ['request_id,user_id', ...people].join('\n');
    await running.call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
    await running.until(
      `/api/v1/connections/${connection}`,
      ({ held }) => held?.code === 'GATEWAY_REFUSED' && refused > before + 1,
    );
    const { body } = await running.call('GET', `/api/v1/connections/${connection}`);
    expect(body.state).toBe('active');
    expect((await running.call('GET', '/api/v1/requests?status=error')).body.total).toBe(0);
    refusing = 0;
    // Somebody who knows that it passed need not wait for the host to try.
    await running.call('PATCH', `/api/v1/connections/${connection}`, { state: 'active' });
    await running.until(
      `/api/v1/requests/p-${status}-19`,
      ({ tasks: [task] }) => task.state === 'complete' || task.state === 'complete_with_exceptions',
    );
    expect((await running.call('GET', '/api/v1/requests?status=error')).body.total).toBe(0);
  },
);
