import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADMIN, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const csv = (text: string) => call('POST', '/api/v1/requests/import', text, { type: 'text/csv; charset=utf-8' });
const ndjson = (text: string) => call('POST', '/api/v1/requests/import', text, { type: 'application/x-ndjson' });
const ids = async (search: string) =>
  (await call('GET', `/api/v1/requests?limit=1000&search=${search}`)).body.items
    .map((item: { requestId: string }) => item.requestId)
    .toSorted();

beforeAll(async () => {
  running = await runHost({ planWindowMs: 600_000 });
  await running.connect('Acme');
});
afterAll(() => running.stop());

describe('an import', () => {
  test('keeps good lines and names each bad one by its line of the file', async () => {
    const { status, body } = await csv(
      [
        '\ufeffrequest_id,right,email,user_id,user_id.2',
        'c1,,ada@example.com,,',
        'c2,deletion,quoted@example.com,"a ""quoted"", id",u2',
        '',
        'c3,erase,x@example.com,,',
        ',,x@example.com,,',
        'c4,access,日本@example.com,,',
        'c5,,,,',
        'c6,,"broken,,',
        'c7,,x@example.com',
        'c1,,ada@example.com,,',
        'c1,,other@example.com,,',
        ',,,,',
        'c8,,bad\ufffd@example.com,,',
      ].join('\r\n'),
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      accepted: 3,
      duplicates: 1,
      rejected: 7,
      doubtful: 0,
      mended: 1,
      mendings: [{ code: 'BYTE_ORDER_MARK', message: expect.any(String), count: 1 }],
      errors: [
        { line: 5, code: 'INVALID', message: 'right must be "deletion" or "access".' },
        { line: 6, code: 'INVALID', message: 'request_id is missing.' },
        { line: 8, code: 'NOBODY_NAMED', message: 'The line names nobody: every column for an identifier is empty.' },
        { line: 9, code: 'NOT_READABLE', message: 'Not readable as CSV: a quote is opened and not closed.' },
        { line: 10, code: 'CELL_COUNT', message: 'The line has 3 cells and the header 5.' },
        {
          line: 12,
          code: 'REQUEST_DIFFERS',
          message: 'Another request, with another content, stands under this id.',
        },
        {
          line: 14,
          code: 'NOT_UTF8',
          message: expect.stringMatching(/Windows-1252 or Latin-1/),
        },
      ],
    });
    expect(await ids('c')).toEqual(['c1', 'c2', 'c4']);
    const { identifiers } = (await call('GET', '/api/v1/requests/c2')).body;
    expect(identifiers).toEqual([
      { kind: 'email', value: 'quoted@example.com' },
      { kind: 'user_id', value: 'a "quoted", id' },
      { kind: 'user_id', value: 'u2' },
    ]);
  });

  test('takes NDJSON line by line', async () => {
    const line = (requestId: string, more = {}) =>
      JSON.stringify({
        requestId,
        right: 'deletion',
        identifiers: [{ kind: 'email', value: `${requestId}@example.com` }],
        ...more,
      });
    const { body } = await ndjson(
      [
        line('n1'),
        '{"requestId":',
        '[]',
        line('n2', { identifiers: [{ kind: 'phone', value: '1' }] }),
        line('n3'),
      ].join('\n'),
    );
    expect(body).toMatchObject({ accepted: 2, duplicates: 0, rejected: 3 });
    expect(body.errors.map((error: { line: number }) => error.line)).toEqual([2, 3, 4]);
    expect(body.errors[2].message).toMatch(/identifiers\[0\]\.kind: .* Kinds taken are email, user_id/);
  });

  test('of the same file again finds duplicates only', async () => {
    const file = 'request_id,email\nd1,d1@example.com\nd2,d2@example.com\n';
    expect((await csv(file)).body).toMatchObject({ accepted: 2, duplicates: 0 });
    expect((await csv(file)).body).toMatchObject({ accepted: 0, duplicates: 2, rejected: 0 });
    expect((await csv(file.replace('d2@', 'other@'))).body).toMatchObject({
      duplicates: 1,
      rejected: 1,
      errors: [{ line: 3 }],
    });
  });

  test('a request sent by itself and in a file is one and the same', async () => {
    await call('POST', '/api/v1/requests', {
      requestId: 's1',
      right: 'deletion',
      identifiers: [{ kind: 'email', value: 's1@example.com' }],
    });
    expect((await csv('request_id,email\ns1,s1@example.com\n')).body).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test.each([
    ['request_id,colour\nr,red\n', 'column 2'],
    ['email\na@b.c\n', 'request_id'],
  ])('whose header is not usable (%j) is refused whole, naming %s', async (file, field) => {
    const { status, body } = await csv(`${file}${'x,y\n'.repeat(200_000)}`);
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'INPUT_INVALID', field]);
  });

  test('of JSON or of nothing is refused by its media type', async () => {
    for (const path of ['/api/v1/requests/import', '/api/v1/requests/import/plan']) {
      for (const [body, type] of [['{}', 'application/json'], ['{}', 'x'], ['a,b', 'text/plain'], []]) {
        const refused = (await call('POST', path, body, type === undefined ? {} : { type })).body;
        expect(refused).toMatchObject({
          code: 'MEDIA_TYPE_NOT_TAKEN',
          detail: 'This call takes text/csv or application/x-ndjson.',
        });
      }
    }
  });

  test('of many batches stores each line once, also where two files with the same lines come at the same time', async () => {
    const total = async () => (await call('GET', '/api/v1/requests')).body.total;
    const before = await total();
    const file = `request_id,user_id\n${Array.from({ length: 12_345 }, (_, i) => `m${i},u${i}\n`).join('')}`;
    const reports = (await Promise.all([csv(file), csv(file)])).map(({ body }) => body);
    expect(reports.reduce((sum, report) => sum + report.accepted, 0)).toBe(12_345);
    expect(reports.reduce((sum, report) => sum + report.duplicates, 0)).toBe(12_345);
    expect(reports.flatMap((report) => report.errors)).toEqual([]);
    expect(await total()).toBe(before + 12_345);
    const plan = (await call('POST', '/api/v1/requests/plan', { filter: {} })).body;
    expect(plan.connections[0].vendorCalls).toBe(Math.ceil(plan.connections[0].identifiers / 5_000));
  });

  test('counts every bad line, and lists the first thousand', async () => {
    const { body } = await csv(`request_id,email\n${'bad,\n'.repeat(6_000)}`);
    expect([body.rejected, body.errors.length, body.errors[999].line]).toEqual([6_000, 1_000, 1_001]);
  });

  test('whose connection breaks keeps the batches that were stored; sent again, the rest comes in', async () => {
    const line = (i: number) => `k${i},k${i}@example.com\n`;
    const lines = Array.from({ length: 11_000 }, (_, i) => line(i));
    const { hostname, port } = new URL(running.url);
    const broken = httpRequest({
      hostname,
      port,
      method: 'POST',
      path: '/api/v1/requests/import',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'text/csv' },
    });
    broken.once('error', () => undefined);
    broken.write(`request_id,email\n${lines.slice(0, 7_000).join('')}`);
    await running.until('/api/v1/requests?search=k', ({ total }) => total === 5_000);
    broken.destroy();
    expect((await csv(`request_id,email\n${lines.join('')}`)).body).toMatchObject({
      accepted: 6_000,
      duplicates: 5_000,
      rejected: 0,
    });
  });

  test('reads no faster than it stores: a file without end does not fill the memory', async () => {
    let sent = 0;
    const thousand = () =>
      Array.from({ length: 1_000 }, (_, at) => `e${sent + at},e${sent + at}@example.com\n`).join('');
    const endless = Readable.from(
      (function* () {
        yield 'request_id,email\n';
        for (; ; sent += 1_000) yield thousand();
      })(),
    );
    const stop = new AbortController();
    const actor = { id: 'test', name: 'test', role: 'super-admin' } as const;
    let stored = 0;
    const furthest: number[] = [];
    const run = running.host.requests.import(endless, 'csv', actor, {
      signal: stop.signal,
      onProgress: ({ accepted }) => {
        stored = accepted;
        furthest.push(sent - stored);
        if (stored >= 20_000) stop.abort();
      },
    });
    await expect(run).rejects.toThrow();
    // One batch is being stored while the next is read.
    expect(Math.max(...furthest)).toBeLessThan(20_000);
  });
});
