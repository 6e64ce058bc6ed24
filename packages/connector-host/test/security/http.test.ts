/** The HTTP API against whatever can be sent: every call of its OpenAPI document, with parameters and bodies that nearly fit, and with none that do. */
import http, { Agent } from 'node:http';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ADMIN, type RunningHost, runHost } from '../api/running-host.js';
import { anyJson, anyText, hostileTexts, valueFor } from './hostile.js';
import { tracesIn } from './traces.js';
import { casesOf, tries } from './tries.js';

jest.setTimeout(25 * 60_000);

type Schema = Readonly<Record<string, unknown>>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const person = 'kept.person@http-tries.example';
const deadlineMs = 10_000;
/** What an answer must never show: insides of the host. */
const insides =
  /\bat \S+ \(|node_modules|\.[tj]s:\d+|select .* from|connector_host\.|pg_catalog|ECONN|SyntaxError|TypeError/;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

let running: RunningHost;
let secrets: string[] = [];
let tokens: string[] = [];
let known: string[] = [];

beforeAll(async () => {
  running = await runHost({ isolation: 'process', callsPerMinute: 10_000_000 });
  const id = await running.connect('Acme');
  secrets = [running.sandbox.tokens.publicOwner, ADMIN];
  tokens = [ADMIN, await running.tokenOf('viewer')];
  const body = { requestId: 'kept-1', right: 'deletion', identifiers: [{ kind: 'email', value: person }] };
  await running.call('POST', '/api/v1/requests', body);
  await running.until('/api/v1/requests/kept-1', ({ state }) => state === 'left_over');
  known = [id, 'kept-1', 'segment-config', '1'];
});
afterAll(async () => {
  agent.destroy();
  await running.stop();
});

interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: string;
}

function send({ method, path, type, body, headers = {} }: Sent, token: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = http.request(running.url + path, {
      method,
      agent,
      timeout: deadlineMs,
      headers: {
        authorization: `Bearer ${token}`,
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
        ...headers,
      },
    });
    sent.on('timeout', () => sent.destroy(new Error(`No answer in ${deadlineMs} ms: ${method} ${path}`)));
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const media = answer.headers['content-type'] ?? '';
      const done = (text: string) =>
        resolve({ status: answer.statusCode ?? 0, type: media, text, headers: JSON.stringify(answer.headers) });
      if (media.startsWith('text/event-stream')) {
        // It does not end.
        answer.destroy();
        return done('');
      }
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      return answer.on('end', () => done(text)).on('error', reject);
    });
    sent.end(body);
  });
}

/** No crash, no hang, no 500, no leak, and nothing that the document does not say. */
async function holds(sent: Sent, token: string): Promise<void> {
  const { status, type, text, headers } = await send(sent, token);
  // 502 is about the vendor: it says that a connector could not do what it was asked.
  if (status >= 500 && status !== 502)
    throw new Error(`${status} for ${sent.method} ${sent.path} ${String(sent.body).slice(0, 500)}`);
  const parsed: unknown = type.includes('json') && sent.method !== 'HEAD' ? JSON.parse(text) : text;
  if (sent.path.startsWith('/api/') && status !== 204 && sent.method !== 'HEAD') {
    // As the client sends it, which takes `.` and `..` out.
    const path = new URL(running.url + sent.path).pathname;
    const faults = running.document.faults(sent.method, path, status, type, parsed);
    // A path that was spoiled may be none, or fit another call.
    expect(faults.filter((fault) => !fault.endsWith('is not documented') || status < 400)).toEqual([]);
  }
  expect(tracesIn(headers + text, secrets)).toEqual([]);
  if (status >= 400) expect(insidesIn(text, sent)).toBeUndefined();
  // Only who may see people sees the one that is kept.
  if (token !== ADMIN) expect(tracesIn(headers + text, [person])).toEqual([]);
}

/** What an answer tells of the host's insides; not what it names of the call itself, such as a field that is not known. */
function insidesIn(text: string, { path, body }: Sent): string | undefined {
  const own = path.replace(/%[0-9a-f]{2}/gi, (byte) => String.fromCharCode(Number.parseInt(byte.slice(1), 16))) + body;
  return [...text.matchAll(new RegExp(insides, 'g'))].map(([found]) => found).find((found) => !own.includes(found));
}

const inPath = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

function callsOf(): fc.Arbitrary<Sent> {
  const { paths, components } = running.document.content as unknown as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  const find = (ref: string): Schema => components.schemas[ref.split('/').at(-1) ?? ''] ?? {};
  const segment = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: anyText });
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return fc.oneof(
    ...all.map(({ path, method, operation }) => {
      const { parameters = [], requestBody } = operation;
      const names = parameters.filter((one) => one.in === 'path').length;
      // What the tries themselves stand on is not removed by them.
      const segments = method === 'DELETE' ? anyText : segment;
      const queries = Object.fromEntries(
        parameters.filter((one) => one.in === 'query').map((one) => [one.name, valueFor(one.schema, find, 4)]),
      );
      const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
      const body =
        type === undefined
          ? fc.constant(undefined)
          : content?.schema === undefined
            ? anyJson
            : valueFor(content.schema, find);
      return fc
        .record({
          segments: fc.array(segments, { minLength: names, maxLength: names }),
          query: fc.record(queries, { requiredKeys: [] }),
          more: fc.option(fc.tuple(anyText, anyText), { freq: 8, nil: undefined }),
          body,
        })
        .map(({ segments: given, query, more, body: value }): Sent => {
          let at = 0;
          const real = path.replace(/\{\w+\}/g, () => inPath(given[at++] ?? ''));
          const pairs = [...Object.entries(query), ...(more === undefined ? [] : [more])].map(
            ([name, one]) =>
              `${inPath(String(name))}=${inPath(typeof one === 'string' ? one : (JSON.stringify(one) ?? ''))}`,
          );
          const full = pairs.length === 0 ? real : `${real}?${pairs.join('&')}`;
          if (value === undefined || type === undefined) return { method, path: full };
          return { method, path: full, type, body: Buffer.from(JSON.stringify(value) ?? '') };
        });
    }),
  );
}

test('every documented call, with what nearly fits its document', async () => {
  const call = fc.tuple(callsOf(), fc.constantFrom(0, 1));
  // A field that is not known is named, also where its name looks like an inside of the host.
  const named: Sent = {
    method: 'GET',
    path: '/api/v1/overview?%22%3B%20drop%20table%20connector_host.requests%3B%20--=',
  };
  await tries<[Sent, number]>(
    'HTTP calls by the OpenAPI document',
    casesOf(8, 300),
    call,
    ([sent, who]) => holds(sent, tokens[who] ?? ''),
    [
      [named, 0],
      [{ method: 'POST', path: '/api/v1/requests/./retry', type: 'application/json', body: Buffer.from('{}') }, 0],
    ],
  );
});

test('raw paths, methods, types and bytes', async () => {
  const paths = fc.constantFrom(
    '/',
    '/api/v1/requests',
    '/api/v1/connections',
    '/api/v1/requests/import',
    '/api/v1/requests/import/plan',
    '/api/v1/session',
    '/api/v1/audit',
    '/openapi.json',
    '/metrics',
    '/console/x',
    '/assets/..%2f..%2fpackage.json',
    '//evil.example/x',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/api/v1/requests/%zz',
    '/api/v1/%00',
    '/api/v1/requests?limit=1&limit=2',
    '/api/v1/requests?%E0%A4%A',
    '/.well-known/jwks.json',
  );
  const sent = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'),
    path: fc.oneof(
      paths,
      fc.tuple(paths, anyText).map(([path, text]) => `${path}/${inPath(text)}`),
    ),
    type: fc.constantFrom(
      'application/json',
      'text/csv',
      'application/x-ndjson',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'x',
      '',
    ),
    body: fc.oneof(
      anyJson.map((one) => Buffer.from(JSON.stringify(one))),
      fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one)),
      fc.constant(Buffer.from('{"__proto__": {"role": "super-admin"}, "constructor": {"prototype": {}}}')),
      fc.constant(Buffer.from(`${'['.repeat(20_000)}`)),
    ),
    headers: fc.record(
      {
        'accept-encoding': fc.constantFrom('gzip', 'identity', '*', 'x'),
        'last-event-id': fc.constantFrom('1', '-1', 'x', '9'.repeat(30)),
        cookie: fc.constantFrom(
          'connector_host_session=x',
          'connector_host_session=',
          'a=b; connector_host_session',
          `connector_host_session=${'A'.repeat(3000)}`,
        ),
        'content-encoding': fc.constantFrom('gzip', 'br', 'x'),
        'x-forwarded-for': fc.constantFrom('127.0.0.1', 'evil'),
        'x-http-method-override': fc.constantFrom('DELETE'),
      },
      { requiredKeys: [] },
    ),
  });
  await tries('raw HTTP', casesOf(4, 200), fc.tuple(sent, fc.constantFrom(0, 1)), async ([one, who]) => {
    const bodiless = one.method === 'GET' || one.method === 'HEAD' || one.method === 'TRACE';
    const { body, ...rest } = one;
    await holds(bodiless ? rest : { ...rest, body }, tokens[who] ?? '').catch((error: unknown) => {
      // A server may end the connection of a call that is none.
      if ((error as { code?: string }).code !== 'ECONNRESET') throw error;
    });
  });
  expect((await running.call('GET', '/healthz')).status).toBe(200);
});

test('files of people, broken in every way', async () => {
  const cell = fc.oneof(anyText, fc.constantFrom('r1', 'r2', 'a@b.example', '"', 'deletion', ''));
  const csv = fc
    .array(
      fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(',')),
      { maxLength: 8 },
    )
    .map((lines) => ['request_id,email,user_id,right', ...lines].join('\n'));
  const ndjson = fc
    .array(
      fc.oneof(
        anyJson.map((one) => JSON.stringify(one)),
        anyText,
      ),
      { maxLength: 8 },
    )
    .map((lines) => lines.join('\n'));
  const files = fc.oneof(
    csv.map((text) => ['text/csv', text] as const),
    ndjson.map((text) => ['application/x-ndjson', text] as const),
  );
  const target = fc.constantFrom('/api/v1/requests/import', '/api/v1/requests/import/plan');
  await tries('files for import', casesOf(2, 100), fc.tuple(files, target), ([[type, text], path]) =>
    holds({ method: 'POST', path, type, body: Buffer.from(text) }, ADMIN),
  );
});

test('each hostile text in each place of each list and each name', async () => {
  for (const text of hostileTexts) {
    for (const path of [
      'requests?search=',
      'requests?connection=',
      'systems?search=',
      'systems?cursor=',
      'requests?cursor=',
      'operations?cursor=',
      'overview?zone=',
      'connectors/',
      'connections/',
      'requests/',
      'operations/',
      'tokens/',
    ]) {
      await holds({ method: 'GET', path: `/api/v1/${path}${inPath(text).slice(0, 6_000)}` }, ADMIN);
    }
    const bodies: [string, object][] = [
      ['tokens', { name: text, role: 'viewer' }],
      ['connections', { connector: 'segment-config', name: text, config: { apiToken: text, workspaceName: text } }],
      ['connections/validate', { connector: text, config: { [text]: text } }],
      ['requests', { requestId: text, right: 'deletion', identifiers: [{ kind: 'email', value: text }] }],
      ['requests/retry', { code: text, connection: text }],
      ['keys/rotate', { key: 'master', masterKey: text }],
    ];
    for (const [path, body] of bodies) {
      await holds(
        { method: 'POST', path: `/api/v1/${path}`, type: 'application/json', body: Buffer.from(JSON.stringify(body)) },
        ADMIN,
      );
    }
  }
});
