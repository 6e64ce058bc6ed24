/** Whom an identifier names: what is held back, what is refused and what is mended, on every way in. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { identifierFiles, mendedFiles } from './identifier-files.js';
import { type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const send = (path: string, bytes: Buffer | string, type = 'text/csv') => call('POST', path, bytes, { type });
const csv = (bytes: Buffer | string, query = '') => send(`/api/v1/requests/import${query}`, bytes);
const ndjson = (lines: readonly unknown[], query = '') =>
  send(`/api/v1/requests/import${query}`, lines.map((line) => JSON.stringify(line)).join('\n'), 'application/x-ndjson');
const dryRun = (bytes: Buffer | string, query = '') => send(`/api/v1/requests/import/plan${query}`, bytes);
const request = (requestId: string, kind: string, value: string, more = {}) => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind, value }],
  ...more,
});
const codes = (body: { errors: { code: string }[] }) => body.errors.map(({ code }) => code);

beforeAll(async () => {
  running = await runHost({ planWindowMs: 600_000 });
  await running.connect('Acme');
});
afterAll(() => running.stop());

describe('a file with', () => {
  let number = 0;
  test.each(identifierFiles)('$name', async ({ bytes, counts, codes: expected }) => {
    number += 1;
    const own = String(bytes).replaceAll(/^f(?=\d)/gm, `file${number}-`);
    for (const body of [(await dryRun(own)).body, (await csv(own)).body]) {
      expect(body).toMatchObject(counts);
      if (expected !== undefined) expect(codes(body)).toEqual(expected);
    }
    const { total } = (await call('GET', `/api/v1/requests?search=file${number}-`)).body;
    expect(total).toBe(counts.accepted);
  });

  test.each(mendedFiles)('$name is read as it is meant, and that is said', async ({ bytes, mended = [] }) => {
    for (const file of [bytes, gzipSync(bytes)]) {
      const { body } = await csv(file);
      expect([body.accepted + body.duplicates, body.rejected, body.doubtful]).toEqual([2, 0, 0]);
      const found = body.mendings.map(({ code }: { code: string }) => code);
      expect(found).toEqual(file === bytes ? mended : ['GZIP', ...mended]);
      expect(body.mended >= found.length).toBe(true);
    }
    const { identifiers } = (await call('GET', '/api/v1/requests/f2')).body;
    expect(identifiers.map(({ value }: { value: string }) => value)).toEqual(['b@example.org', 'u-2']);
  });
});

describe('a file that is none of these is named for what it is, with the remedy', () => {
  const person = '{"requestId":"x1","right":"deletion","identifiers":[{"kind":"user_id","value":"jdoe"}]}';
  test.each([
    ['nothing', '', 'NO_PEOPLE'],
    ['a header alone', 'request_id,email,user_id\n', 'NO_PEOPLE'],
    ['a header and empty lines', 'request_id,user_id\n,\n\n  ,\n', 'NO_PEOPLE'],
    ['a workbook', Buffer.from('504b0304140006000800000021', 'hex'), 'WORKBOOK'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), 'WORKBOOK'],
    ['a PDF', '%PDF-1.7\njdoe', 'PDF'],
    ['UTF-32', Buffer.from('fffe000072000000', 'hex'), 'UTF_32'],
    ['UTF-16 without a mark', Buffer.from('request_id,user_id\nx1,jdoe\n', 'utf16le'), 'UTF_16'],
    ['a JSON array', `[${person}]`, 'JSON_ARRAY'],
    ['NDJSON', `${person}\n`, 'JSON'],
    ['a page', '<!DOCTYPE html>\n<p>jdoe', 'MARKUP'],
    ['a damaged gzip file', gzipSync('request_id,user_id\nx1,jdoe\n').subarray(0, 30), 'PACKED'],
    ['bzip2', 'BZh91AY&SYjdoe', 'PACKED'],
  ])('%s', async (_name, bytes, code) => {
    for (const answer of [await csv(bytes), await dryRun(bytes)]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID', remedy: expect.any(String) } });
      expect(answer.body.errors.map((one: { code: string }) => one.code)).toEqual([code]);
      expect(JSON.stringify(answer.body)).not.toContain('jdoe');
    }
  });

  test('a JSON array and an object over several lines sent as NDJSON', async () => {
    const type = 'application/x-ndjson';
    const array = await send('/api/v1/requests/import', `[${person}]`, type);
    expect(array.body.errors[0].code).toBe('JSON_ARRAY');
    const object = await send('/api/v1/requests/import', JSON.stringify(JSON.parse(person), null, 2), type);
    expect(object.body.errors[0].code).toBe('JSON_OBJECT');
    expect((await send('/api/v1/requests/import', '\n\n', type)).body.errors[0].code).toBe('NO_PEOPLE');
  });

  test('Windows-1252 costs the lines in which it shows', async () => {
    const { body } = await csv(Buffer.from('request_id,user_id\nw1,müller\nw2,meier\n', 'latin1'));
    expect(body).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 2, code: 'NOT_UTF8' }] });
    expect(body.errors[0].message).toMatch(/Windows-1252.*UTF-8/);
  });
});

test('no answer repeats a cell of data, whatever is wrong with the file', async () => {
  const files: (string | Buffer)[] = [
    'request_id,user_id\rq1,jdoe\rq2,jdoe-2\r',
    'q1,jdoe\nq2,jdoe-2\n',
    'request_id,user_id\u2028q1,jdoe\u2028',
    'request_id,user_id\vq1,jdoe\v',
    'user_id,jdoe\nq1,jdoe\n',
    'request_id,user_id\nq1,jdoe,jdoe\nq2,"jdoe\nq3,\u200bjdoe\nq4,jdoe@x;jdoe@y\n',
    'request_id,email,right,due_at\nq1,jdoe,jdoe,jdoe\nq2,<jdoe@example.org>,,jdoe\n',
    Buffer.from('request_id,user_id\nq1,jdoe\n', 'utf16le'),
  ];
  for (const file of files) {
    for (const { body } of [await csv(file), await dryRun(file), await csv(file, '?ignoreColumns=true')]) {
      expect(JSON.stringify(body)).not.toMatch(/jdoe/i);
    }
  }
  const lines = [
    { requestId: 'q5', right: 'deletion', identifiers: [{ kind: 'user_id', value: '\u200bjdoe' }] },
    { requestId: 'q6', right: 'jdoe', identifiers: [{ kind: 'jdoe', value: 'jdoe' }] },
    { 'jdoe@example.org': 1, requestId: 'q7' },
  ];
  expect(JSON.stringify((await ndjson(lines)).body)).not.toMatch(/jdoe/i);
  for (const line of lines)
    expect(JSON.stringify((await call('POST', '/api/v1/requests', line)).body)).not.toMatch(/jdoe/);
});

describe('columns that hold no identifier', () => {
  const file = 'request_id,Notes,user_id,Ordered on\ncol1,call back,u-1,2024-01-31\n';

  test('are named', async () => {
    const { status, body } = await csv(file);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['column 2', 'column 4']);
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('"Notes"'),
      remedy: expect.stringContaining('--ignore-columns'),
    });
  });

  test('are skipped where the sender says so, and named again', async () => {
    const { body } = await csv(file, '?ignoreColumns=true');
    expect(body).toMatchObject({ accepted: 1, rejected: 0 });
    expect(body.mendings).toEqual([
      {
        code: 'COLUMNS_SKIPPED',
        count: 1,
        message: expect.stringMatching(/column 2 \("Notes"\), column 4 \("Ordered on"\)/),
      },
    ]);
    expect((await call('GET', '/api/v1/requests/col1')).body.identifiers).toEqual([{ kind: 'user_id', value: 'u-1' }]);
  });

  test('without a name, and with something in it, cost the line', async () => {
    const { body } = await csv('request_id,user_id,\ncol2,u-2,\ncol3,u-3,extra\n');
    expect(body).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 3, code: 'COLUMN_UNNAMED' }] });
  });
});

describe('a doubtful identifier', () => {
  test('is told by line, field and reason, without its value', async () => {
    const { body } = await csv('request_id,email,user_id,user_id.2\nd1,ada@example.org,u-1,undefined\n');
    expect(body).toMatchObject({ accepted: 0, rejected: 0, doubtful: 1 });
    expect(body.errors).toEqual([
      {
        line: 2,
        field: 'user_id.2',
        code: 'PLACEHOLDER',
        doubtful: true,
        message: expect.stringMatching(/^user_id\.2 is a word/),
      },
    ]);
    expect((await call('GET', '/api/v1/requests/d1')).status).toBe(404);
  });

  test('is taken where a person says for the file that it is meant, and the audit log keeps who', async () => {
    const file = 'request_id,user_id\nd2,undefined\nd3,"a\u200bb"\n';
    const { body } = await csv(file, '?allowDoubtful=true');
    expect(body).toMatchObject({ accepted: 1, rejected: 1, doubtful: 0 });
    const log = (await call('GET', '/api/v1/audit?limit=5')).body;
    expect(JSON.stringify(log)).toContain('request.doubtful_imported');
    const { timeline } = (await call('GET', '/api/v1/requests/d2')).body;
    expect(timeline.map(({ kind }: { kind: string }) => kind)).toContain('request.doubtful_allowed');
    expect((await csv(file, '?allowDoubtful=true')).body).toMatchObject({ duplicates: 1, rejected: 1 });
  });

  test('is judged line by line in NDJSON, where each line may say that it is meant', async () => {
    const { body } = await ndjson([
      request('d4', 'user_id', 'NULL'),
      request('d5', 'user_id', 'NULL', { allowDoubtful: true }),
      request('d6', 'user_id', ' u-6'),
    ]);
    expect(body).toMatchObject({ accepted: 1, doubtful: 1, rejected: 1 });
    expect(body.errors).toMatchObject([
      { line: 1, field: 'identifiers[0].value', code: 'PLACEHOLDER', doubtful: true },
      { line: 3, field: 'identifiers[0].value', code: 'WHITE_SPACE_AROUND' },
    ]);
  });

  test('a dry run tells the same, and of a value that stands for many people', async () => {
    const lines = Array.from({ length: 6 }, (_, at) => `s${at},u-shared\n`).join('');
    const { body } = await dryRun(`request_id,user_id\n${lines}s7,NULL\ns8,u-8\n`);
    expect(body).toMatchObject({ accepted: 7, rejected: 0, doubtful: 7 });
    expect(body.errors).toMatchObject([
      {
        line: 2,
        field: 'user_id',
        code: 'SAME_FOR_MANY',
        doubtful: true,
        message: expect.stringContaining('6 people'),
      },
      { line: 8, code: 'PLACEHOLDER', doubtful: true },
    ]);
  });

  test('of many lines that are wrong, leaves out no value that stands for many, wherever in the file it stands', async () => {
    const wrong = Array.from({ length: 1_200 }, (_, at) => `wrong-${at},NULL,\n`).join('');
    const fine = Array.from({ length: 3_000 }, (_, at) => `fine-${at},u-fine-${at},\n`).join('');
    const same = Array.from({ length: 5 }, (_, at) => `same-${at},u-same,u-other\n`).join('');
    const { body } = await dryRun(`request_id,user_id,user_id.2\n${wrong}${fine}${same}`);
    // Each of the five counts once, though two of their identifiers are the same for all of them.
    expect(body).toMatchObject({ accepted: 3_005, doubtful: 1_205 });
    expect(body.errors).toHaveLength(1_000);
    const shared = body.errors.filter(({ code }: { code: string }) => code === 'SAME_FOR_MANY');
    expect(shared.map(({ line, field }: { line: number; field: string }) => [line, field])).toEqual([
      [4_202, 'user_id'],
      [4_202, 'user_id.2'],
    ]);
  });

  test('of a request that stands twice in a file is told by a dry run as an import tells it, however far apart', async () => {
    await csv('request_id,user_id\nknown,u-known\n');
    const between = Array.from({ length: 3_000 }, (_, at) => `between-${at},u-b-${at}\n`).join('');
    const file = `request_id,user_id\ntwice,u-1\nother,u-2\nknown,u-else\n${between}twice,u-1\nother,u-3\nknown,u-known\n`;
    const { body: plan } = await dryRun(file);
    expect(plan).toMatchObject({ accepted: 3_002, duplicates: 2, rejected: 2 });
    expect(plan.errors).toMatchObject([
      { line: 4, code: 'REQUEST_DIFFERS' },
      { line: 3_006, code: 'REQUEST_DIFFERS' },
    ]);
    const { body: done } = await csv(file);
    const { accepted, duplicates, rejected, errors } = plan;
    expect(done).toMatchObject({ accepted, duplicates, rejected, errors });
  });

  test('of given requests is told by a dry run, and not counted among those that would go', async () => {
    const requests = [request('p1', 'user_id', 'u-1'), request('p2', 'user_id', '0')];
    const { body } = await call('POST', '/api/v1/requests/plan', { requests });
    expect(body).toMatchObject({ subjects: 1, doubtful: [{ requestId: 'p2', reasons: [{ code: 'ZERO' }] }] });
    const refused = await call('POST', '/api/v1/requests/plan', { requests: [request('p3', 'email', 'nobody')] });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ code: 'NOT_ONE_ADDRESS' }] } });
  });
});

test('where user ids are e-mail addresses, these are as good as any other', async () => {
  const { body: none } = await csv('request_id,user_id\nm1,ada@example.org\n');
  expect(none).toMatchObject({ accepted: 0, doubtful: 1 });
  await running.connect('Ids are addresses', { userIdsAreEmails: true });
  const { body } = await csv('request_id,user_id\nm1,ada@example.org\nm2,mailto:ada@example.org\n');
  expect(body).toMatchObject({ accepted: 1, doubtful: 1, errors: [{ code: 'DRESSED_ADDRESS' }] });
});

describe('a request by itself', () => {
  let open: RunningHost;
  let connection: string;
  beforeAll(async () => {
    open = await runHost();
    connection = await open.connect('Open');
  });
  afterAll(() => open.stop());
  const post = (body: unknown) => open.call('POST', '/api/v1/requests', body);
  const sentIdentifiers = () => open.sandbox.subjectTally().identifiers;

  test.each([
    ['email', 'mailto:a@example.org', 'NOT_ONE_ADDRESS'],
    ['user_id', ' u-1', 'WHITE_SPACE_AROUND'],
    ['user_id', 'u\u00ad1', 'INVISIBLE_CHARACTER'],
  ])('with the %s %j is refused, and nothing is stored', async (kind, value, code) => {
    const { status, body } = await post(request('refused', kind, value, { allowDoubtful: true }));
    expect([status, body.code, body.errors]).toEqual([
      422,
      'REQUEST_INVALID',
      [{ field: 'identifiers[0].value', code, message: expect.any(String), remedy: expect.any(String) }],
    ]);
    expect(JSON.stringify(body)).not.toContain(value);
    expect((await open.call('GET', '/api/v1/requests/refused')).status).toBe(404);
  });

  test.each([
    ['nothing', '', 'EMPTY'],
    ['white space alone', ' \u3000\t', 'EMPTY'],
    ['a NUL', 'a\0b', 'CONTROL_CHARACTER'],
    ['half a character', 'a\ud800', 'LOST_CHARACTER'],
  ])('that holds %s is refused in the words of the rules, by itself and in NDJSON', async (_name, value, code) => {
    const refused = { field: 'identifiers[0].value', code, message: expect.any(String), remedy: expect.any(String) };
    const one = request('holds-nobody', 'user_id', value, { allowDoubtful: true });
    expect((await post(one)).body).toMatchObject({ code: 'REQUEST_INVALID', errors: [refused] });
    const { body } = await open.call('POST', '/api/v1/requests/import', JSON.stringify(one), {
      type: 'application/x-ndjson',
    });
    expect(body).toMatchObject({ accepted: 0, rejected: 1, errors: [{ line: 1, field: refused.field, code }] });
  });

  test('with a doubtful identifier waits for a person; nothing of it is sent before one allows it', async () => {
    const { status, body } = await post(request('waits', 'user_id', 'undefined'));
    expect([status, body.state]).toEqual([202, 'waiting_for_person']);
    expect(body.tasks).toMatchObject([{ connection, state: 'waiting_for_person', waitsFor: 'identifier' }]);
    expect(body.doubtful).toEqual({
      allowed: false,
      reasons: [
        { field: 'identifiers[0].value', code: 'PLACEHOLDER', message: expect.any(String), remedy: expect.any(String) },
      ],
    });
    expect(body.timeline.map(({ kind }: { kind: string }) => kind)).toContain('request.doubtful');
    await post(request('goes', 'user_id', 'u-goes'));
    await open.until('/api/v1/requests/goes', ({ state }) => state !== 'pending' && state !== 'processing');
    expect(sentIdentifiers()).toBe(1);

    for (const role of ['viewer', 'connections-manager'] as const) {
      const token = await open.tokenOf(role);
      expect((await open.call('POST', '/api/v1/requests/waits/allow', {}, { token })).status).toBe(403);
    }
    const token = await open.tokenOf('privacy-manager');
    const allowed = await open.call('POST', '/api/v1/requests/waits/allow', {}, { token });
    expect(allowed).toMatchObject({ status: 200, body: { state: 'pending', doubtful: { allowed: true } } });
    await open.until('/api/v1/requests/waits', ({ tasks }) => tasks[0].operation !== undefined);
    await open.until('/api/v1/requests/waits', ({ tasks }) => tasks[0].state === 'complete');
    expect(sentIdentifiers()).toBe(2);
    const log = (await open.call('GET', '/api/v1/audit?limit=50')).body.items;
    expect(log.map(({ action }: { action: string }) => action)).toContain('request.doubtful_allowed');
    expect((await open.call('POST', '/api/v1/requests/waits/allow', {})).body.code).toBe('STATE_FORBIDS');
    expect((await open.call('POST', '/api/v1/requests/nobody/allow', {})).status).toBe(404);
  });

  test("sent again with a person's word is the same request, and goes on", async () => {
    const first = await post(request('again', 'user_id', 'NULL'));
    expect(first.body.state).toBe('waiting_for_person');
    expect((await post(request('again', 'user_id', 'NULL'))).status).toBe(200);
    const allowed = await post(request('again', 'user_id', 'NULL', { allowDoubtful: true }));
    expect([allowed.status, allowed.body.doubtful.allowed]).toEqual([200, true]);
    expect((await post(request('again', 'user_id', 'none', { allowDoubtful: true }))).status).toBe(409);
    await open.until('/api/v1/requests/again', ({ tasks }) => tasks[0].state === 'complete');
  });

  test('may say at once that it is meant', async () => {
    const { status, body } = await post(request('meant', 'user_id', '0', { allowDoubtful: true }));
    expect([status, body.state, body.doubtful.allowed]).toEqual([202, 'pending', true]);
    await open.until('/api/v1/requests/meant', ({ tasks }) => tasks[0].state === 'complete');
  });

  test('that waits can be cancelled', async () => {
    await post(request('back', 'user_id', 'nil'));
    expect((await open.call('POST', '/api/v1/requests/back/cancel', {})).body.state).toBe('cancelled');
  });
});

test('a person is found by an e-mail address in any case, and by the beginning of a request id', async () => {
  await csv('request_id,email,user_id\nfind-1,Ada.Lovelace@Example.org,Find-Me\n');
  const found = async (search: string) => {
    const { body } = await call('POST', '/api/v1/requests/search', { search });
    return body.items.map(({ requestId }: { requestId: string }) => requestId);
  };
  for (const search of ['ada.lovelace@example.org', 'ADA.LOVELACE@EXAMPLE.ORG ', 'Find-Me', 'find', 'find-1']) {
    expect(await found(search)).toEqual(['find-1']);
  }
  expect(await found('find-me')).toEqual([]);
});
