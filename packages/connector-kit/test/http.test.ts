import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Http, type HttpBounds } from '../src/index.js';
import { httpServer, TOKEN, tcpServer, useLoopback } from './harness.js';

useLoopback();

const headers = { Authorization: `Bearer ${TOKEN}` };

const bounds: HttpBounds = {
  connectTimeoutMs: 10_000,
  timeoutMs: 30_000,
  maxAnswerBytes: 32 * 1024 * 1024,
  maxBodyBytes: 4 * 1024 * 1024,
};
const http = new Http();

async function ask(url: string, own: Partial<HttpBounds> = {}, method: 'GET' | 'POST' = 'GET', signal?: AbortSignal) {
  const request = { method, url: new URL(url), headers, ...(method === 'POST' ? { body: '{"a":1}' } : {}) };
  const came = await http.exchange(request, { ...bounds, ...own }, signal ?? new AbortController().signal);
  return 'failure' in came ? came : { ...came, text: Buffer.from(came.body).toString('utf8') };
}

describe('an answer', () => {
  test('of any status comes back as it is, headers in lower case', async () => {
    const origin = await httpServer((_, response) => {
      response.writeHead(503, { 'X-Some': 'thing', 'content-type': 'text/plain' }).end('upstream connect error');
    });
    expect(await ask(`${origin}/x`)).toMatchObject({
      status: 503,
      headers: { 'x-some': 'thing' },
      text: 'upstream connect error',
    });
  });

  test('that redirects is not followed', async () => {
    let asked = 0;
    const origin = await httpServer((request, response) => {
      asked += 1;
      response.writeHead(307, { location: `http://${request.headers.host}/elsewhere` }).end();
    });
    expect(await ask(origin, {}, 'POST')).toMatchObject({ status: 307 });
    expect(asked).toBe(1);
  });

  test('that is compressed is read', async () => {
    const origin = await httpServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":true}'));
    });
    expect(await ask(origin)).toMatchObject({ text: '{"ok":true}' });
  });

  test('that is compressed badly is cut off', async () => {
    const origin = await httpServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip at all');
    });
    expect(await ask(origin)).toEqual({ failure: 'cut-off', sent: true });
  });

  test('that breaks off in the middle is cut off', async () => {
    const origin = await httpServer((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"data":', () => response.socket?.destroy());
    });
    expect(await ask(origin)).toEqual({ failure: 'cut-off', sent: true });
  });

  test('that is not HTTP is cut off', async () => {
    const address = await tcpServer((socket) => socket.once('data', () => socket.end('what?\r\n\r\n')));
    expect(await ask(`http://${address}/`)).toEqual({ failure: 'cut-off', sent: true });
  });

  test.each([
    ['declares its length', { 'content-length': '5000' }],
    ['does not', {}],
  ])('that is too large and %s is given up', async (_, extra) => {
    const origin = await httpServer((_, response) => {
      response.writeHead(200, extra).end('x'.repeat(5_000));
    });
    const failure = { failure: 'answer-too-large', sent: true };
    expect(await ask(origin, { maxAnswerBytes: 4_999 })).toEqual(failure);
    expect(await ask(origin, { maxAnswerBytes: 5_000 })).toMatchObject({ status: 200 });
  });

  test('that only becomes too large when unpacked is given up', async () => {
    const origin = await httpServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000)));
    });
    expect(await ask(origin, { maxAnswerBytes: 100_000 })).toMatchObject({ failure: 'answer-too-large' });
  });
});

describe('time', () => {
  test('runs out for an answer that does not come', async () => {
    const origin = await httpServer(() => undefined);
    expect(await ask(origin, { timeoutMs: 1_000 })).toEqual({ failure: 'timeout', sent: true });
  });

  test('runs out for an answer that comes drop by drop', async () => {
    const origin = await httpServer((_, response) => {
      response.writeHead(200);
      const drops = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(drops));
    });
    expect(await ask(origin, { timeoutMs: 1_000 })).toEqual({ failure: 'timeout', sent: true });
  });

  test('runs out for a connection that does not come about, and then nothing was sent', async () => {
    const address = await tcpServer(() => undefined);
    const failure = { failure: 'connect-timeout', sent: false };
    expect(await ask(`https://${address}/`, { connectTimeoutMs: 60 }, 'POST')).toEqual(failure);
    expect(await ask(`https://${address}/`, { timeoutMs: 60 }, 'POST')).toEqual(failure);
  });
});

describe('trouble with the connection', () => {
  test('before it stands leaves nothing sent: refused', async () => {
    const origin = await httpServer(() => undefined);
    const free = origin.replace(/:\d+$/, ':1');
    expect(await ask(free, {}, 'POST')).toEqual({ failure: 'refused', sent: false });
  });

  test('before it stands leaves nothing sent: reset during the TLS handshake', async () => {
    const address = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await ask(`https://${address}/`, {}, 'POST')).toEqual({ failure: 'refused', sent: false });
  });

  test('before it stands leaves nothing sent: no TLS on the other side', async () => {
    const address = await tcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(await ask(`https://${address}/`, {}, 'POST')).toEqual({ failure: 'untrusted', sent: false });
  });

  test('after the request went out may have come too late: closed without an answer', async () => {
    const address = await tcpServer((socket) => socket.once('data', () => socket.destroy()));
    expect(await ask(`http://${address}/`, {}, 'POST')).toEqual({ failure: 'broken', sent: true });
  });

  test('after the request went out may have come too late: reset', async () => {
    const address = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await ask(`http://${address}/`, {}, 'POST')).toEqual({ failure: 'broken', sent: true });
  });
});

describe('a request', () => {
  test('that is too large is not sent', async () => {
    let asked = 0;
    const origin = await httpServer((_, response) => {
      asked += 1;
      response.end();
    });
    const failure = { failure: 'request-too-large', sent: false };
    expect(await ask(origin, { maxBodyBytes: 6 }, 'POST')).toEqual(failure);
    expect(asked).toBe(0);
  });

  test('is not sent where it was called off before', async () => {
    const failure = { failure: 'aborted', sent: false };
    expect(await ask('http://127.0.0.1:1/', {}, 'GET', AbortSignal.abort())).toEqual(failure);
  });

  test('that is called off while the vendor works may have arrived', async () => {
    const abort = new AbortController();
    const origin = await httpServer(() => abort.abort());
    const failure = { failure: 'aborted', sent: true };
    expect(await ask(origin, {}, 'POST', abort.signal)).toEqual(failure);
  });

  test('that reads uses a kept connection, one that makes something a connection of its own', async () => {
    const ports: (number | undefined)[] = [];
    const connections: (string | undefined)[] = [];
    const origin = await httpServer((request, response) => {
      ports.push(request.socket.remotePort);
      connections.push(request.headers.connection);
      response.end('{}');
    });
    for (const method of ['GET', 'GET', 'POST', 'POST'] as const) await ask(origin, {}, method);
    expect(ports[1]).toBe(ports[0]);
    expect(new Set(ports).size).toBe(3);
    expect(connections).toEqual(['keep-alive', 'keep-alive', 'close', 'close']);
  });

  test("goes through the environment's proxy", async () => {
    const seen: (string | undefined)[] = [];
    const proxy = await httpServer((request, response) => {
      seen.push(request.url);
      response.end('{"by":"proxy"}');
    });
    process.env['HTTP_PROXY'] = proxy;
    try {
      expect(await ask('http://vendor.test/regulations')).toMatchObject({ text: '{"by":"proxy"}' });
    } finally {
      delete process.env['HTTP_PROXY'];
    }
    expect(seen).toEqual(['http://vendor.test/regulations']);
  });

  test('through a proxy that refuses the tunnel never reaches the vendor', async () => {
    const address = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    });
    process.env['HTTPS_PROXY'] = `http://${address}`;
    try {
      expect(await ask('https://vendor.test/', {}, 'POST')).toMatchObject({ status: 407 });
    } finally {
      delete process.env['HTTPS_PROXY'];
    }
  });

  test('leaves no timer behind that keeps the process alive', async () => {
    const origin = await httpServer((_, response) => response.end('{}'));
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await ask(origin, {}, 'POST');
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
