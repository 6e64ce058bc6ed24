import { type AddressInfo, connect, createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { SubmitOutcome } from 'connector-contract';
import { requestIdOf } from '../../src/deletion/request.js';
import { selfSigned } from '../processor/authority.js';
import { credentials, DOMAIN, type Processor } from '../processor/processor.js';
import { operationFor, Stage } from '../stage.js';

const stage = Stage.use();

/** Answers alike whatever is about requests, as the processor does or something on the way to it. */
function refusing(status: number, body: string): Processor['before'] {
  return ({ url = '' }, response) =>
    url.startsWith('/v2/requests') && response.writeHead(status).end(body) !== undefined;
}

function faultCode(outcome: SubmitOutcome): string {
  return outcome.accepted ? 'accepted' : `${outcome.certain} ${outcome.fault.code}`;
}

describe('submitting', () => {
  test('sends one signed-for request under an id made of the key', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'key-1'), stage.context());
    const id = requestIdOf('key-1');
    expect(outcome).toEqual({ accepted: true, reference: id, expectedBy: '2030-01-15T00:00:00.000Z' });
    expect(processor.requests.get(id)?.body).toEqual({
      regulation: 'gdpr',
      subject_request_id: id,
      subject_request_type: 'erasure',
      submitted_time: new Date(stage.now).toISOString(),
      subject_identities: [
        { identity_type: 'email', identity_value: 'jane@people.example', identity_format: 'raw' },
        { identity_type: 'controller_customer_id', identity_value: 'customer-jane', identity_format: 'raw' },
      ],
      api_version: '2.0',
    });
  });

  test('gets the certificate before it sends anything, once, and without the credential', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    for (const key of ['a', 'b']) await deletion.submit(operationFor(deletion, 'jane', key), stage.context());
    expect(processor.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v2/discovery',
      'GET /certificate.pem',
      'POST /v2/requests',
      'POST /v2/requests',
    ]);
    expect(processor.calls[1]?.authorization).toBeUndefined();
  });

  test('needs no certificate any more once the request is out, though the key grows too old meanwhile', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'a'), stage.context());
    stage.skip(86_400_000 - 1_000);
    processor.before = ({ method }) => {
      if (method === 'POST') stage.skip(2_000);
      return false;
    };
    processor.files.clear();
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'b'), stage.context());
    expect(faultCode(outcome)).toBe('accepted');
    expect(processor.requests.size).toBe(2);
  });

  test('again under the same key is the same request; under another key another one', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const operation = operationFor(deletion, 'jane', 'key-1');
    const first = await deletion.submit(operation, stage.context());
    stage.skip(60_000);
    expect(await deletion.submit(operation, stage.context())).toEqual(first);
    expect(processor.requests.size).toBe(1);
    await deletion.submit({ ...operation, key: 'key-2' }, stage.context());
    expect(processor.requests.size).toBe(2);
  });

  test('without a key, which the manifest asks for, sends nothing', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const operation = operationFor(deletion, 'jane', undefined);
    expect(faultCode(await deletion.submit(operation, stage.context()))).toBe('not-taken CONNECTOR_BUG');
    const looking = deletion.reconcile(operation, new Date(stage.now).toISOString(), stage.context());
    await expect(looking).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
    expect(processor.calls).toEqual([]);
  });

  test.each([
    ['opendsr-1', 'opendsr', '/v2/requests'],
    ['opendsr-3', 'opendsr', '/v2/requests'],
    ['opengdpr-1', 'opengdpr', '/v2/opengdpr_requests'],
  ] as const)('speaks %s', async (protocol, generation, path) => {
    const processor = await stage.open();
    processor.generation = generation;
    const { deletion } = stage.load();
    const ctx = stage.context({ protocol });
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx);
    expect(outcome).toMatchObject({ accepted: true });
    expect(processor.calls.at(-1)?.path).toBe(path);
    expect(await deletion.status(requestIdOf('k'), ctx)).toMatchObject({ state: 'accepted' });
  });

  test('with a key and a secret signs in as HTTP basic authentication', async () => {
    const processor = await stage.open();
    const basic = `Basic ${Buffer.from('the-key:the-secret').toString('base64')}`;
    processor.authorizations = { full: [basic], readOnly: [] };
    const { deletion } = stage.load();
    const ctx = stage.context({
      bearerToken: undefined,
      authKind: 'key-secret',
      apiKey: 'the-key',
      apiSecret: 'the-secret',
    });
    expect(await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx)).toMatchObject({ accepted: true });
  });

  test('sends only identities of types that a check found to be taken', async () => {
    const processor = await stage.open();
    processor.types = ['email'];
    const { connector, deletion } = stage.load();
    const { facts } = await connector.check(stage.context());
    expect(facts).toMatchObject({ identityTypes: 'email', identityFormat: 'raw' });
    const operation = operationFor(deletion, 'jane', 'k');
    expect(await deletion.submit(operation, stage.context({}, facts))).toMatchObject({ accepted: true });
    expect(processor.erased()).toEqual(['jane@people.example']);
    expect(JSON.stringify(stage.logged)).toContain('"left":1');
    // Found out for another format, it says nothing about this one.
    const ctx = stage.context({}, { ...facts, identityFormat: 'sha256' });
    expect(faultCode(await deletion.submit(operation, ctx))).toBe('not-taken INPUT_REFUSED');
  });

  test('sends nothing where none of the types is taken', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const ctx = stage.context({}, { identityTypes: 'roku_publisher_id', identityFormat: 'raw' });
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx);
    expect(faultCode(outcome)).toBe('not-taken IDENTIFIER_MISSING');
    expect(processor.calls).toEqual([]);
  });

  test('below an address without requests is another protocol', async () => {
    await stage.open();
    const { deletion } = stage.load();
    const outcome = await deletion.submit(
      operationFor(deletion, 'jane', 'k'),
      stage.context({ protocol: 'opengdpr-1' }),
    );
    const fault = { code: 'PROTOCOL_MISMATCH', httpStatus: 404, field: 'protocol' };
    expect(outcome).toMatchObject({ certain: 'not-taken', fault });
  });

  test('to a processor that does not offer the call is told as such', async () => {
    const processor = await stage.open();
    processor.before = refusing(405, '{"error": {}}');
    const { deletion } = stage.load();
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    expect(faultCode(outcome)).toBe('not-taken NOT_SUPPORTED');
  });

  test('does not go out after its time, however long the pacing takes', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const ctx = { ...stage.context({ verifySignatures: false }), pace: async () => stage.skip(30_001) };
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx);
    expect(faultCode(outcome)).toBe('not-taken RATE_LIMITED');
    expect(processor.calls).toEqual([]);
  });

  test('where nobody listens is not taken', async () => {
    const processor = await stage.open();
    const ctx = stage.context({ verifySignatures: false });
    await processor.stop();
    const { deletion } = stage.load();
    expect(faultCode(await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx))).toBe('not-taken UNREACHABLE');
    await stage.open();
  });

  test('to a processor that never answers is uncertain', async () => {
    const processor = await stage.open();
    processor.before = ({ method }) => method === 'POST';
    const { deletion } = stage.load(200);
    expect(faultCode(await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context()))).toBe(
      'unknown TIMEOUT',
    );
  });

  test('over TLS whose answer was garbled on its way is uncertain', async () => {
    const processor = await stage.open(await stage.authority.issue({ names: ['127.0.0.1'] }));
    const line = createServer((near) => {
      const far = connect(Number(new URL(processor.origin).port), '127.0.0.1');
      near.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
      far.on('data', (data) => {
        if (processor.requests.size > 0) data.writeUInt8(data.readUInt8(20) ^ 0xff, 20);
        near.write(data);
      });
    });
    await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
    const origin = `https://127.0.0.1:${(line.address() as AddressInfo).port}`;
    const ctx = { ...stage.context({ baseUrl: `${origin}/v2` }), allowedOrigins: [origin, processor.origin] };
    const { deletion } = stage.load();
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx);
    line.close();
    expect(processor.requests.size).toBe(1);
    expect(faultCode(outcome)).toBe('unknown VENDOR_ANSWER_UNREADABLE');
  });

  test.each([
    [400, '<html>'],
    [404, ''],
    [407, '{}'],
  ])('that something in between refuses with HTTP %i and %j is not refused by the processor', async (status, body) => {
    const processor = await stage.open();
    processor.before = refusing(status, body);
    const { deletion } = stage.load();
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    expect(faultCode(outcome)).toBe('not-taken GATEWAY_REFUSED');
  });

  test('that the processor calls a conflict has to be looked for', async () => {
    const processor = await stage.open();
    processor.before = ({ method }, response) =>
      method === 'POST' && response.writeHead(409).end('{"error": {"code": 409}}') !== undefined;
    const { deletion } = stage.load();
    expect(faultCode(await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context()))).toBe(
      'unknown CONFLICT',
    );
  });
});

describe('an answer to a submission is not believed', () => {
  async function submitted(more: Readonly<Record<string, unknown>> = {}): Promise<SubmitOutcome> {
    const { deletion } = stage.load();
    return deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context(more));
  }

  test('without a signature', async () => {
    const processor = await stage.open();
    processor.tamper = (headers, body) => {
      delete headers['X-OpenDSR-Signature'];
      return body;
    };
    expect(faultCode(await submitted())).toBe('unknown SIGNATURE_MISSING');
  });

  test('that was changed after it was signed', async () => {
    const processor = await stage.open();
    processor.tamper = (_, body) => `${body} `;
    expect(faultCode(await submitted())).toBe('unknown SIGNATURE_INVALID');
  });

  test('signed in the name of another domain', async () => {
    const processor = await stage.open();
    processor.domain = 'elsewhere.example';
    expect(faultCode(await submitted())).toBe('unknown PROCESSOR_DOMAIN_MISMATCH');
  });

  test('signed with another key than that of the certificate', async () => {
    const processor = await stage.open();
    processor.signing = await stage.authority.issue({ names: [DOMAIN] });
    expect(faultCode(await submitted())).toBe('unknown SIGNATURE_INVALID');
  });

  test('about another request', async () => {
    const processor = await stage.open();
    processor.alter = (body) => ({ ...body, subject_request_id: requestIdOf('other') });
    expect(faultCode(await submitted())).toBe('unknown VENDOR_ANSWER_UNREADABLE');
  });

  test('for another controller', async () => {
    await stage.open();
    expect(faultCode(await submitted({ controllerId: '9999' }))).toBe('unknown CONTROLLER_MISMATCH');
    expect(faultCode(await submitted({ controllerId: '4308' }))).toBe('accepted');
  });

  test('unless somebody switched the verification off', async () => {
    const processor = await stage.open();
    processor.tamper = (headers, body) => {
      delete headers['X-OpenDSR-Signature'];
      return body;
    };
    expect(faultCode(await submitted({ verifySignatures: false }))).toBe('accepted');
    expect(processor.calls.map(({ method }) => method)).toEqual(['POST']);
  });
});

describe('nothing is sent where the answer could not be believed', () => {
  async function outcomeWith(bend: () => void | Promise<void>, more: Readonly<Record<string, unknown>> = {}) {
    const processor = await stage.open();
    await bend();
    const { deletion } = stage.load();
    const outcome = await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context(more));
    expect(processor.calls.filter(({ method }) => method === 'POST')).toEqual([]);
    return faultCode(outcome);
  }

  test('because the certificate vouches for itself', async () => {
    const bend = async () => void stage.processor.files.set('/certificate.pem', (await selfSigned(DOMAIN)).certificate);
    expect(await outcomeWith(bend)).toBe('not-taken CERTIFICATE_NOT_TRUSTED');
  });

  test('because the certificate was issued to another domain', async () => {
    expect(await outcomeWith(() => undefined, { processorDomain: 'other.example' })).toBe(
      'not-taken CERTIFICATE_NOT_TRUSTED',
    );
  });

  test('because the certificate is not there', async () => {
    const bend = () => void stage.processor.files.clear();
    expect(await outcomeWith(bend)).toBe('not-taken CERTIFICATE_UNAVAILABLE');
  });

  test('because the certificate is on a host that nobody named, which is not called', async () => {
    const bend = () => {
      stage.processor.certificateAt = 'http://127.0.0.1:9/certificate.pem';
    };
    expect(await outcomeWith(bend)).toBe('not-taken CERTIFICATE_UNAVAILABLE');
  });
});

describe('following', () => {
  test('goes from accepted over processing to completed', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const ctx = stage.context();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), ctx);
    const states = [];
    for (let more = true; more; more = processor.advance()) states.push(await deletion.status(requestIdOf('k'), ctx));
    expect(states.map(({ state, vendorState }) => [state, vendorState])).toEqual([
      ['accepted', 'pending'],
      ['processing', 'in_progress'],
      ['completed', 'completed'],
    ]);
    expect(states[0]?.expectedBy).toBe('2030-01-15T00:00:00.000Z');
  });

  test('a request that the processor does not keep any more is expired', async () => {
    await stage.open();
    const { deletion } = stage.load();
    expect(await deletion.status(requestIdOf('gone'), stage.context())).toMatchObject({ state: 'expired' });
  });

  test('at an address where there is no processor, no request is expired', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    const moved = stage.context({ baseUrl: `${processor.origin}/v3` });
    await expect(deletion.status(requestIdOf('k'), moved)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    [404, '<html>'],
    [404, ''],
    [410, 'Gone'],
  ])(
    'HTTP %i with the body %j, from something in between, does not make a request look expired',
    async (status, body) => {
      const processor = await stage.open();
      const { deletion } = stage.load();
      await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
      processor.before = refusing(status, body);
      await expect(deletion.status(requestIdOf('k'), stage.context())).rejects.toMatchObject({
        code: 'GATEWAY_REFUSED',
      });
    },
  );

  test('a discovery that is gone does not make a request look expired', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    processor.before = ({ url }, response) =>
      url === '/v2/discovery' && response.writeHead(404).end('{}') !== undefined;
    const fresh = stage.load().deletion;
    await expect(fresh.status(requestIdOf('k'), stage.context())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an answer of more than a mebibyte is not read', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    processor.alter = (body) => ({ ...body, padding: 'x'.repeat(1024 * 1024) });
    await expect(deletion.status(requestIdOf('k'), stage.context())).rejects.toMatchObject({
      code: 'VENDOR_ANSWER_UNREADABLE',
    });
  });

  test('a status that OpenDSR does not know is no state', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    for (const status of ['done', 'constructor', undefined]) {
      processor.alter = (body) => ({ ...body, request_status: status });
      await expect(deletion.status(requestIdOf('k'), stage.context())).rejects.toMatchObject({
        code: 'VENDOR_ANSWER_UNREADABLE',
      });
    }
  });

  test('a reference that would lead elsewhere is not asked for', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    for (const reference of ['', '.', '..']) {
      await expect(deletion.status(reference, stage.context())).rejects.toMatchObject({ code: 'INPUT_REFUSED' });
    }
    await deletion.status('../discovery?x#y', stage.context());
    // The last because the processor knows no such request.
    const paths = ['/v2/requests/..%2Fdiscovery%3Fx%23y', '/v2/discovery'];
    expect(processor.calls.map(({ path }) => path)).toEqual(paths);
  });

  test('a processor with a new certificate is followed on, one with a wrong key is not', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    processor.signing = await stage.authority.issue({ names: [DOMAIN] });
    stage.skip(60_000);
    await expect(deletion.status(requestIdOf('k'), stage.context())).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
    processor.files.set('/certificate.pem', processor.signing.certificate);
    stage.skip(60_000);
    expect(await deletion.status(requestIdOf('k'), stage.context())).toMatchObject({ state: 'accepted' });
  });

  test('the certificate is looked at again after a day', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const asked = (): number => processor.calls.filter(({ path }) => path === '/certificate.pem').length;
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    stage.skip(86_400_000 - 1);
    await deletion.status(requestIdOf('k'), stage.context());
    expect(asked()).toBe(1);
    stage.skip(1);
    await deletion.status(requestIdOf('k'), stage.context());
    expect(asked()).toBe(2);
  });
});

describe('reconciling', () => {
  test('finds a request whose answer was lost', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const operation = operationFor(deletion, 'jane', 'k');
    const attemptedAt = new Date(stage.now).toISOString();
    processor.tamper = (_, body) => body.slice(0, 20);
    expect(faultCode(await deletion.submit(operation, stage.context()))).toBe('unknown SIGNATURE_INVALID');
    processor.tamper = (_, body) => body;
    expect(await deletion.reconcile(operation, attemptedAt, stage.context())).toEqual({
      found: 'accepted',
      reference: requestIdOf('k'),
      expectedBy: '2030-01-15T00:00:00.000Z',
    });
  });

  test('says at once that there is none: should the lost one arrive later, it is the same as the one that is sent again', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const operation = operationFor(deletion, 'jane', 'k');
    const attemptedAt = new Date(stage.now).toISOString();
    expect(await deletion.reconcile(operation, attemptedAt, stage.context())).toEqual({ found: 'absent' });
    for (let times = 0; times < 2; times += 1) await deletion.submit(operation, stage.context());
    expect(processor.requests.size).toBe(1);
  });

  test('does not take the request of an earlier operation about the same person', async () => {
    await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'last-year'), stage.context());
    const attemptedAt = new Date(stage.now).toISOString();
    stage.skip(70_000);
    const operation = operationFor(deletion, 'jane', 'today');
    expect(await deletion.reconcile(operation, attemptedAt, stage.context())).toEqual({ found: 'absent' });
  });

  test.each([
    [404, '<html>'],
    [404, ''],
    [400, '<html>'],
  ])('proves nothing by HTTP %i with the body %j, from something in between', async (status, body) => {
    const processor = await stage.open();
    processor.before = refusing(status, body);
    const { deletion } = stage.load();
    const asked = deletion.reconcile(operationFor(deletion, 'jane', 'k'), new Date(0).toISOString(), stage.context());
    await expect(asked).rejects.toMatchObject({ code: 'GATEWAY_REFUSED' });
  });

  test('takes 400, the only error of the specification, for the word that there is none; following does not', async () => {
    const processor = await stage.open();
    processor.before = refusing(400, '{"error": {"code": 400}}');
    const { deletion } = stage.load();
    const operation = operationFor(deletion, 'jane', 'k');
    const attemptedAt = new Date(stage.now).toISOString();
    expect(await deletion.reconcile(operation, attemptedAt, stage.context())).toEqual({ found: 'absent' });
    await expect(deletion.status(requestIdOf('k'), stage.context())).rejects.toMatchObject({ code: 'INPUT_REFUSED' });
  });

  test.each([
    [401, 'UNAUTHENTICATED'],
    [422, 'INPUT_REFUSED'],
  ])('proves nothing by HTTP %i of the processor', async (status, code) => {
    const processor = await stage.open();
    processor.before = refusing(status, '{"error": {}}');
    const { deletion } = stage.load();
    const asked = deletion.reconcile(operationFor(deletion, 'jane', 'k'), new Date(0).toISOString(), stage.context());
    await expect(asked).rejects.toMatchObject({ code });
  });

  test('proves nothing at an address where there is no processor', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    const moved = stage.context({ baseUrl: `${processor.origin}/v3` });
    const asked = deletion.reconcile(operationFor(deletion, 'jane', 'k'), new Date(0).toISOString(), moved);
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('proves nothing where the processor cannot be asked', async () => {
    const processor = await stage.open();
    processor.before = (_, response) => response.writeHead(503).end() !== undefined;
    const { deletion } = stage.load();
    const asked = deletion.reconcile(operationFor(deletion, 'jane', 'k'), new Date(0).toISOString(), stage.context());
    await expect(asked).rejects.toMatchObject({ code: 'VENDOR_ERROR', retryable: true });
  });
});

describe('cancelling', () => {
  test('takes a request back that is pending', async () => {
    await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    expect(await deletion.cancel?.(requestIdOf('k'), stage.context())).toEqual({ cancelled: true });
    expect(await deletion.status(requestIdOf('k'), stage.context())).toMatchObject({ state: 'cancelled' });
  });

  test('is too late once the processor has begun', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    processor.advance();
    expect(await deletion.cancel?.(requestIdOf('k'), stage.context())).toMatchObject({
      cancelled: false,
      fault: { code: 'CONFLICT', httpStatus: 400 },
    });
  });

  test('that the credential may not do is not too late', async () => {
    const processor = await stage.open();
    processor.before = refusing(403, '{"error": {}}');
    const { deletion } = stage.load();
    expect(await deletion.cancel?.(requestIdOf('k'), stage.context())).toMatchObject({
      cancelled: false,
      fault: { code: 'PERMISSION_MISSING' },
    });
  });

  test('is not believed without a good signature', async () => {
    const processor = await stage.open();
    const { deletion } = stage.load();
    await deletion.submit(operationFor(deletion, 'jane', 'k'), stage.context());
    processor.tamper = (_, body) => `${body} `;
    expect(await deletion.cancel?.(requestIdOf('k'), stage.context())).toMatchObject({
      cancelled: false,
      fault: { code: 'SIGNATURE_INVALID' },
    });
  });
});

describe('whatever goes wrong', () => {
  test('neither the person, nor the credential, nor the repeated request comes out of it', async () => {
    const processor = await stage.open();
    const { connector, deletion } = stage.load();
    const operation = operationFor(deletion, 'canary-5b1d', 'k');
    const out: unknown[] = [];
    const noted = async (call: Promise<unknown>) => {
      await call.then(
        (answer) => out.push(answer),
        (thrown: unknown) => out.push(thrown, (thrown as Error).stack),
      );
    };
    const weather: (() => void)[] = [
      () => undefined,
      () => {
        processor.tamper = (_, body) => `${body} ${body}`;
      },
      () => {
        processor.alter = (body) => ({ ...body, subject_request_id: `canary-5b1d ${String(body['encoded_request'])}` });
      },
      ...[400, 401, 404, 409, 429, 500].map((status) => () => {
        processor.before = (request, response) => {
          const echo = `${JSON.stringify(request.headers)} ${request.url} ${processor.calls.at(-1)?.body}`;
          return response.writeHead(status, { 'x-echo': encodeURIComponent(echo) }).end(echo) !== undefined;
        };
      }),
    ];
    for (const bend of weather) {
      processor.tamper = (_, body) => body;
      processor.alter = (body) => body;
      processor.before = () => false;
      bend();
      for (const config of [{}, { verifySignatures: false }]) {
        const ctx = stage.context(config);
        await noted(connector.check(ctx));
        await noted(deletion.submit(operation, ctx));
        await noted(deletion.status(requestIdOf('k'), ctx));
        await noted(deletion.reconcile(operation, new Date(stage.now).toISOString(), ctx));
        await noted(deletion.cancel?.(requestIdOf('k'), ctx) ?? Promise.resolve());
      }
    }
    const shown = `${inspect(out, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })}${JSON.stringify([out, stage.logged])}`;
    const sent = processor.calls.find(({ body }) => body.includes('canary-5b1d'))?.body ?? '';
    const repeated = Buffer.from(sent).toString('base64').slice(0, 80);
    expect(repeated).toHaveLength(80);
    const canaries = ['canary-5b1d', credentials.full, 'encoded_request', repeated];
    for (const canary of canaries) expect(shown).not.toContain(canary);
  });
});
