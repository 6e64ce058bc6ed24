import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openLog } from '../../src/log.js';
import { ADMIN, type RunningHost, runHost } from '../api/running-host.js';

const STRANGERS = 20;
let running: RunningHost;
let log = '';
const lines = new EventEmitter();
beforeAll(async () => {
  running = await runHost({
    arrivalMs: 400,
    strangers: STRANGERS,
    log: openLog({
      to: {
        write: (line: string) => {
          log += line;
          lines.emit('line');
        },
      },
    }),
  });
  await running.connect('Acme');
});
afterAll(() => running.stop());

/** A connection that goes on sending `bit` until the host closes it, and what the host said. */
async function drip(head: string, bit = ' '): Promise<string> {
  const socket = open(head);
  let said = '';
  socket.on('data', (part) => {
    said += part;
  });
  const timer = setInterval(() => socket.write(bit), 20);
  await closed(socket);
  clearInterval(timer);
  return said;
}

function open(head: string): Socket {
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
  // At once: on a busy machine what follows would be written before it is connected.
  socket.write(head);
  return socket.on('error', () => undefined).resume();
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const head = (line: string, token?: string, type = 'application/json') =>
  `${line} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\n${token === undefined ? '' : `authorization: Bearer ${token}\r\n`}`;
const length = 'content-length: 100000\r\n\r\n';
const chunked = 'transfer-encoding: chunked\r\n\r\n';
const chunk = '1\r\n \r\n';

test.each([
  ['without a token', () => head('POST /api/v1/requests') + length, ' ', 401],
  ['to nowhere', () => head('POST /nowhere') + length, ' ', 404],
  ['with a token', () => head('POST /api/v1/requests', ADMIN) + length, ' ', 408],
  ['with a token, in chunks', () => head('POST /api/v1/requests', ADMIN) + chunked, chunk, 408],
  ['of an import', () => head('POST /api/v1/requests/import', ADMIN, 'text/csv') + length, ' ', 408],
  ['of an import, in chunks', () => head('POST /api/v1/requests/import/plan', ADMIN, 'text/csv') + chunked, chunk, 408],
])('a body that drips in %s is answered and its connection closed', async (_how, sent, bit, status) => {
  expect(await drip(sent(), bit)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('an upload that brings something is taken, however long it takes', async () => {
  const lines = Array.from({ length: 2_000 }, (_, at) => `r-${at},${String(at).padStart(320, 'x')}\n`);
  const parts = ['request_id,user_id\n'];
  for (let from = 0; from < lines.length; from += 125) parts.push(lines.slice(from, from + 125).join(''));
  const body = new ReadableStream({
    async pull(controller) {
      const part = parts.shift();
      if (part === undefined) return controller.close();
      controller.enqueue(new TextEncoder().encode(part));
      // Longer in all than a call may take that is not streamed.
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  });
  const answer = await fetch(`${running.url}/api/v1/requests/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'text/csv' },
    body,
    duplex: 'half',
  } as RequestInit);
  expect([answer.status, ((await answer.json()) as { accepted: number }).accepted]).toEqual([200, 2_000]);
});

test('strangers who hold connections push out each other, and nobody who works', async () => {
  const answered = (socket: Socket) => new Promise((resolve) => socket.once('data', resolve));
  const working = open(`GET /api/v1/session HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ADMIN}\r\n\r\n`);
  await answered(working);
  const strangers: Socket[] = [];
  for (let count = 0; count < STRANGERS + 5; count += 1) {
    const socket = open('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await answered(socket);
    strangers.push(socket);
  }
  await Promise.all(strangers.slice(0, 5).map((socket) => (socket.destroyed ? undefined : closed(socket))));
  expect(strangers.filter((socket) => !socket.destroyed)).toHaveLength(STRANGERS);
  const again = answered(working);
  working.write(`GET /api/v1/session HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ADMIN}\r\n\r\n`);
  expect(String(await again)).toMatch(/^HTTP\/1\.1 200 /);
  for (const socket of [working, ...strangers]) socket.destroy();
});

test('an upload whose sender leaves is no error of the program', async () => {
  log = '';
  const socket = open(
    `${head('POST /api/v1/requests/import', ADMIN, 'text/csv')}content-length: 100000\r\n\r\nrequest_id,user_id\nleft-1,u-left-1\n`,
  );
  // The host waits for the rest of it.
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write('left-2,', () => resolve()));
  socket.destroy();
  while (!log.includes('its sender left')) await once(lines, 'line');
  expect(log).not.toMatch(/"level":(?:50|60)/);
});
