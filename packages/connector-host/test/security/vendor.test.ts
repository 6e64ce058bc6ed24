/** A vendor that answers anything: the connector of this repository against a server that sends generated statuses, headers and bodies. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { isConnectorFault, type Operation } from 'connector-contract';
import fc from 'fast-check';
import { ConnectorRegistry } from '../../src/plugins/registry.js';
import type { ConnectorRunner } from '../../src/plugins/runner.js';
import { testContext } from '../plugins/context.js';
import { testLog } from '../postgres.js';
import { anyJson, anyText } from './hostile.js';
import { tracesIn } from './traces.js';
import { casesOf, tries } from './tries.js';

jest.setTimeout(25 * 60_000);

const token = 'the-token-of-the-vendor-tries';
const person = 'told.person@vendor-tries.example';
const operation: Operation = {
  subjects: [{ id: '1', identifiers: [{ kind: 'email', value: person }] }],
  identifierCount: 1,
  bytes: 40,
};

interface VendorAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

let answers: readonly VendorAnswer[] = [];
let served = 0;
let vendor: Server;
let registry: ConnectorRegistry;
let runner: ConnectorRunner;
let baseUrl: string;

beforeAll(async () => {
  vendor = createServer((request, reply) => {
    request.resume().on('end', () => {
      const answer = answers[served++ % answers.length];
      reply.writeHead(answer?.status ?? 200, { 'content-type': answer?.type ?? '', ...answer?.headers });
      reply.end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  registry = await ConnectorRegistry.load({ roots: [root], log: testLog, isolation: 'none' });
  const found = registry.runner('segment-config');
  if (found === undefined) throw new Error('The connector was not loaded.');
  runner = found;
});
afterAll(async () => {
  await registry.close();
  vendor.closeAllConnections();
  vendor.close();
});

/** Bodies that look as the vendor's do, up to a point. */
const vendorBody = fc.oneof(
  anyJson,
  fc.record({
    data: fc.oneof(
      anyJson,
      fc.dictionary(
        fc.constantFrom(
          'workspace',
          'regulateId',
          'regulation',
          'pagination',
          'sources',
          'connections',
          'id',
          'current',
        ),
        anyJson,
      ),
    ),
  }),
  fc.record({
    errors: fc.array(fc.record({ type: anyText, message: fc.oneof(anyText, fc.constant(`${token} ${person}`)) }), {
      maxLength: 3,
    }),
  }),
  fc.dictionary(
    fc.constantFrom(
      'error',
      'message',
      'code',
      'regulation_id',
      'name',
      'workspaces',
      'sources',
      'next_page_token',
      'status',
    ),
    anyJson,
  ),
);
const vendorAnswer = fc.record({
  status: fc.constantFrom(
    200,
    200,
    200,
    201,
    204,
    301,
    302,
    307,
    400,
    401,
    403,
    404,
    409,
    413,
    422,
    429,
    500,
    502,
    503,
    599,
  ),
  type: fc.constantFrom('application/json', 'application/vnd.segment.v1+json', 'text/html', ''),
  body: fc.oneof(
    vendorBody.map((one) => Buffer.from(JSON.stringify(one))),
    fc.uint8Array({ maxLength: 100 }).map((one) => Buffer.from(one)),
  ),
  headers: fc.record(
    {
      'retry-after': fc.constantFrom('0', '1', '-1', 'soon', '9'.repeat(20), 'Wed, 21 Oct 2015 07:28:00 GMT'),
      location: fc.constantFrom('http://127.0.0.1:1/steal', '/elsewhere', 'file:///etc/passwd', '::'),
      'x-ratelimit-reset': fc.constantFrom('0', '-1', 'x', '99999999999999'),
    },
    { requiredKeys: [] },
  ),
});

const calls = ['check', 'submit', 'status', 'reconcile', 'detect'] as const;

async function make(call: (typeof calls)[number], behaviour: string): Promise<unknown> {
  let now = Date.parse('2026-01-15T12:00:00Z');
  const ctx = testContext(
    {
      apiToken: token,
      workspaceName: 'acme',
      asyncDeletionBehavior: 'wait-for-completion',
      region: 'us',
      api: behaviour,
      regulationType: 'SUPPRESS_WITH_DELETE',
      identifierKinds: 'both',
      baseUrl,
    },
    {
      allowedOrigins: [baseUrl],
      capabilities: ['deletion', 'system-detection'],
      facts: { api: behaviour === 'auto' ? 'public' : behaviour, workspaceId: 'w1', workspaceSlug: 'acme' },
      // Nothing really waits.
      clock: {
        now: () => now,
        sleep: async (ms) => {
          now += ms;
        },
      },
    },
  );
  if (call === 'check') return { answer: await runner.check(ctx), lines: ctx.lines };
  if (call === 'submit') return { answer: await runner.submit(operation, ctx), lines: ctx.lines };
  if (call === 'status') return { answer: await runner.status('reg_1', ctx), lines: ctx.lines };
  if (call === 'reconcile')
    return { answer: await runner.reconcile(operation, new Date(now - 60_000).toISOString(), ctx), lines: ctx.lines };
  const systems = [];
  for await (const system of runner.detect(ctx)) {
    systems.push(system);
    // A vendor whose pages never end.
    if (systems.length > 500) break;
  }
  return { answer: systems, lines: ctx.lines };
}

test('a vendor that answers anything gets an answer of the contract or a fault of it, and neither tells the token or the person', async () => {
  const input = fc.tuple(
    fc.constantFrom(...calls),
    fc.constantFrom('auto', 'public', 'config'),
    fc.array(vendorAnswer, { minLength: 1, maxLength: 4 }),
  );
  await tries("vendors' answers", casesOf(5, 150), input, async ([call, behaviour, given]) => {
    answers = given;
    served = 0;
    let told: unknown;
    try {
      told = await make(call, behaviour);
    } catch (error) {
      if (!isConnectorFault(error)) throw error;
      const { code, message, remedy } = error;
      // A fault of the code is not what a vendor may cause.
      expect(code).not.toBe('CONNECTOR_BUG');
      told = { code, message, remedy };
    }
    expect(tracesIn(JSON.stringify(told), [token, person])).toEqual([]);
  });
});
