/** What Segment says of the time comes to the host, wherever the connector runs, and keeps it from sending by a clock that is off. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type RunningHost, runHost } from '../api/running-host.js';

let running: RunningHost | undefined;
/** The sandbox, whose answers say that it is ten minutes later. */
const late = createServer((inbound, outbound) => {
  const { method, headers, url } = inbound;
  const sent = request(`${running?.sandbox.url}${url}`, { method, headers }, (answer) => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    outbound.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
    answer.pipe(outbound);
  });
  inbound.pipe(sent);
});
beforeAll(() => once(late.listen(0, '127.0.0.1'), 'listening'));
afterEach(() => running?.stop());
afterAll(() => {
  late.close();
});

test.each(['none', 'fence'] as const)(
  'by a connector with isolation %s the host hears that its clock is ten minutes off, says so, and sends nothing',
  async (isolation) => {
    const baseUrl = `http://127.0.0.1:${(late.address() as AddressInfo).port}`;
    running = await runHost({ isolation, allowEndpoints: [baseUrl] });
    const id = await running.connect('Acme', { baseUrl });
    const figures = (await running.call('GET', '/metrics')).body as string;
    const ahead = new RegExp(`clock_ahead_seconds\\{of="${id}"\\} ([\\d.]+)`).exec(figures)?.[1];
    expect(Number(ahead)).toBeGreaterThan(500);
    const ready = await running.call('GET', '/readyz');
    expect(ready).toMatchObject({
      status: 503,
      body: { checks: { clock: expect.stringMatching(/^The clock of the vendor of .* ahead of the database's/) } },
    });
    const identifiers = [{ kind: 'user_id', value: 'u-1' }];
    await running.call('POST', '/api/v1/requests', { requestId: 'r-1', right: 'deletion', identifiers });
    await running.until('/api/v1/operations', ({ items }) => items.length === 1);
    expect((await running.call('GET', '/api/v1/requests/r-1')).body.state).toMatch(/pending|processing/);
    expect(running.sandbox.regulations()).toEqual([]);
  },
);
