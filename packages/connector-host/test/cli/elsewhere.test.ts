/** An address of the host that leads elsewhere, as a sign-in page in front of it does. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectorHost } from './run.js';

const arrived: IncomingMessage[] = [];
const elsewhere = createServer((request, response) => {
  arrived.push(request);
  response.end('{}');
});
let status = 0;
const leading = createServer((request, response) => {
  request.resume();
  const to = request.url === '/beside' ? undefined : status === 302 ? '/beside' : `${urlOf(elsewhere)}/api`;
  if (to === undefined) arrived.push(request);
  response.writeHead(to === undefined ? 200 : status, to === undefined ? {} : { location: to }).end('{}');
});

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(() => Promise.all([elsewhere, leading].map((server) => once(server.listen(0, '127.0.0.1'), 'listening'))));
afterAll(() => {
  for (const server of [elsewhere, leading]) server.close();
});

test.each([302, 307, 308])('by a %i gets neither a token nor a person there', async (code) => {
  status = code;
  const environment = { CONNECTOR_HOST_URL: urlOf(leading), CONNECTOR_HOST_TOKEN: 'a-token-of-somebody-0123456789' };
  const refused = [3, expect.stringContaining(`leads elsewhere (${code})`)];
  const person = 'email=grace@example.com\n';
  for (const args of [['connections'], ['submit', 'r-1', '--yes']]) {
    const run = await connectorHost(args, environment, person);
    expect([run.code, run.err]).toEqual(refused);
  }
  expect(arrived).toEqual([]);
});

test.each([
  ['a page', 200, 'text/html', '<p>Some page</p>'],
  ['another program', 200, 'application/json', '{"some":"page"}'],
  ['a server that knows no such path', 404, 'text/html', 'Some page'],
  ['one that asks who calls', 401, 'application/json', '{"error":"some page"}'],
  ['a proxy behind which nothing runs', 502, 'text/html', 'Some page'],
])('%s at its address is told to be no host, and nothing of it is shown', async (_name, code, type, body) => {
  const other = createServer((request, response) => {
    request.resume();
    response.writeHead(code, { 'content-type': type }).end(body);
  });
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const environment = { CONNECTOR_HOST_URL: urlOf(other), CONNECTOR_HOST_TOKEN: 'a-token-of-somebody-0123456789' };
  for (const args of [['status'], ['connections'], ['work', 'list'], ['detect', 'x']]) {
    const run = await connectorHost(args, environment);
    expect([run.code, run.out]).toEqual([3, '']);
    expect(run.err).toMatch(/ is no connector host\.\nWhat to do: Name the address of the host with --url/);
    expect(run.err).not.toMatch(/some page/i);
  }
  other.close();
});
