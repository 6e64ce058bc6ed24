/** Everything that reads what others wrote, without network: request bodies, CSV, NDJSON, manifests, a connector's answers, headers. */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import { type ConnectorManifest, identifierJudge, parseManifest, resolveConfig } from 'connector-contract';
import fc from 'fast-check';
import { hostAllowed } from '../../src/api/hosts.js';
import { originAllowed } from '../../src/api/origins.js';
import { CsvReader } from '../../src/intake/csv.js';
import { importLines } from '../../src/intake/import-lines.js';
import { Mendings } from '../../src/intake/mendings.js';
import {
  type AnswerShape,
  cancelOutcome,
  isFaultData,
  reconcileOutcome,
  shaped,
  WrongShape,
} from '../../src/plugins/answers.js';
import { readPlan } from '../../src/plugins/operations.js';
import { plainCopy } from '../../src/plugins/plain-copy.js';
import { redactor } from '../../src/plugins/redact.js';
import { HostProblem } from '../../src/problem.js';
import { csvCell } from '../../src/reading/export.js';
import { canonicalText, readRequestBody } from '../../src/requests/request-body.js';
import { openWith, sealWith } from '../../src/sealing/seal.js';
import { SealingError } from '../../src/sealing/sealing-error.js';
import { anyJson, anyText, spoil } from './hostile.js';
import { casesOf, tries } from './tries.js';

jest.setTimeout(25 * 60_000);

const kinds = new Set(['email', 'user_id']);
const manifest = JSON.parse(
  readFileSync(new URL('../../../../manifests/segment-config.json', import.meta.url), 'utf8'),
) as ConnectorManifest;

/** Without terms of a connector: those add to what is refused, and take nothing of it away. */
const judge = identifierJudge();

const goodBody = {
  requestId: 'r-1',
  right: 'deletion',
  identifiers: [
    { kind: 'email', value: 'a@b.example' },
    { kind: 'user_id', value: 'u1' },
  ],
  connections: ['c1'],
  dueAt: '2026-01-31T00:00:00Z',
};

test('a request body is taken or refused by field, and no fault repeats what it held', async () => {
  const marked = fc.oneof(anyJson, spoil(goodBody)).map((body) => [body] as const);
  await tries('request bodies', casesOf(12), marked, ([body]) => {
    const read = readRequestBody(body);
    if ('body' in read) {
      expect(JSON.parse(JSON.stringify(read.body))).toEqual(read.body);
      expect(canonicalText(read.body)).toBe(canonicalText(structuredClone(read.body)));
      // What is taken can be kept: no NUL, no half characters. Of the value of an identifier the rules say so.
      const { identifiers, ...rest } = read.body;
      const kept = identifiers.map(({ kind, value }) => [kind, judge(kind, value)?.verdict === 'refused' ? '' : value]);
      expect(JSON.stringify([rest, kept])).not.toMatch(/\\u0000|\\ud[89a-f]/);
    } else expect(read.issues.length).toBeGreaterThan(0);
  });
  const secret = 'somebody.in.particular@example.org';
  for (const body of [
    { ...goodBody, right: secret },
    { ...goodBody, dueAt: secret },
    { ...goodBody, connections: [{ secret }] },
  ]) {
    expect(JSON.stringify(readRequestBody(body))).not.toContain(secret);
  }
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one)),
  fc
    .array(
      fc.oneof(
        anyText,
        fc.constantFrom('"', '""', ',', ';', '\t', '\n', '\r\n', '\r', 'request_id,email\n', 'r1,a@b.c\n'),
      ),
      { maxLength: 30 },
    )
    .map((parts) => Buffer.from(parts.join(''))),
);

/** A file in pieces, cut where it hurts. */
const pieces = fc.tuple(bytes, fc.array(fc.nat(400), { maxLength: 6 })).map(([all, cuts]) => {
  const at = [0, ...cuts.map((cut) => cut % (all.length + 1)), all.length].sort((a, b) => a - b);
  return at.slice(1).map((end, n) => all.subarray(at[n], end));
});

async function linesOf(parts: readonly Buffer[], format: 'csv' | 'ndjson'): Promise<unknown[] | string> {
  const found = [];
  try {
    const lines = importLines(Readable.from(parts), { format, kinds, mendings: new Mendings() });
    for await (const some of lines) found.push(...some.map((line) => JSON.parse(JSON.stringify(line))));
  } catch (error) {
    if (!(error instanceof HostProblem) || error.code !== 'INPUT_INVALID') throw error;
    return error.code;
  }
  return found;
}

test.each(['csv', 'ndjson'] as const)(
  'a %s file is read to its end, in whatever pieces it comes, and its lines are in order',
  async (format) => {
    await tries(`${format} files`, casesOf(14), pieces, async (parts) => {
      const found = await linesOf(parts, format);
      expect(await linesOf([Buffer.concat(parts)], format)).toEqual(found);
      if (typeof found === 'string') return;
      const numbers = found.map((one) => (one as { line: number }).line);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    });
  },
);

test('what the export writes, a CSV reader reads back as one cell that no spreadsheet runs', async () => {
  await tries('cells of the export', casesOf(5), fc.oneof(anyText, fc.string()), (text) => {
    const records = new CsvReader(() => ({ delimiter: ',' })).read(`${csvCell(text)},end\n`, true);
    expect(records).toHaveLength(1);
    const [cell = '', end] = records[0]?.cells ?? [];
    expect(end).toBe('end');
    expect([text, `'${text}`]).toContain(cell);
    expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
  });
});

test('a manifest is accepted or refused with the place that is wrong, and what is accepted can be drawn and judged', async () => {
  await tries(
    'manifests',
    casesOf(5, 150),
    fc.oneof({ weight: 4, arbitrary: spoil(manifest) }, { weight: 1, arbitrary: anyJson }),
    (json) => {
      const parsed = parseManifest(json);
      if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0);
      else expect(resolveConfig(parsed.manifest, {}, { endpointsAllowed: false }).issues).toBeDefined();
    },
  );
});

test('a configuration is resolved or refused by field', async () => {
  const config = {
    apiToken: 'a-token-of-some-length',
    workspaceName: 'acme',
    asyncDeletionBehavior: 'wait-for-completion',
    identifierKinds: 'both',
  };
  await tries('configurations', casesOf(6), fc.oneof(spoil(config), anyJson), (raw) => {
    const { config: resolved, issues } = resolveConfig(manifest, raw, { endpointsAllowed: false });
    expect(resolved === undefined).toBe(issues.length > 0);
    expect(resolved?.['baseUrl']).toBeUndefined();
  });
});

const hostileObject = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withTypedArray: true,
  withSparseArray: true,
  withObjectString: true,
  maxDepth: 4,
});
const status = {
  state: 'completed',
  vendorState: 'FINISHED',
  destinations: [{ name: 'a', state: 'completed', vendorState: 'x' }],
  exceptions: [],
};
const shapes: readonly AnswerShape[] = ['fault', 'validation', 'check', 'accepted', 'notAccepted', 'status', 'system'];

test("a connector's answer has its shape, or is refused as a fault of the connector", async () => {
  const answers = fc.tuple(fc.constantFrom(...shapes), fc.oneof(hostileObject, spoil(status), anyJson));
  const noDate: [AnswerShape, unknown] = ['fault', [new Date(Number.NaN)]];
  await tries("connectors' answers", casesOf(8), answers, holds, [noDate]);

  function holds([shape, answer]: readonly [AnswerShape, unknown]) {
    for (const read of [() => shaped(shape, answer), () => reconcileOutcome(answer), () => cancelOutcome(answer)]) {
      try {
        expect(structuredClone(read())).toBeDefined();
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(error instanceof WrongShape || (error as Error).constructor.name.startsWith('Not')).toBe(true);
      }
    }
    expect(typeof isFaultData(plainOr(answer))).toBe('boolean');
  }
});

function plainOr(answer: unknown): unknown {
  try {
    return plainCopy(answer);
  } catch {
    return undefined;
  }
}

test("a connector's plan holds exactly the people it was given, or is refused", async () => {
  const people = Array.from({ length: 4 }, (_, n) => ({
    id: String(n),
    identifiers: [{ kind: 'email', value: `p${n}@example.org` }],
  }));
  const whole = { operations: [{ subjects: people, identifierCount: 4, bytes: 60 }], rejected: [] };
  const redact = redactor([]);
  await tries("connectors' plans", casesOf(5), fc.oneof(spoil(whole), hostileObject), (answer) => {
    let plan: ReturnType<typeof readPlan>;
    try {
      plan = readPlan(answer, people, { maxSubjects: 10, maxIdentifiers: 10 }, redact);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(TypeError);
      return;
    }
    const planned = [
      ...plan.operations.flatMap(({ subjects }) => subjects.map(({ id }) => id)),
      ...plan.rejected.map(({ subjectId }) => subjectId),
    ];
    expect(planned.toSorted()).toEqual(['0', '1', '2', '3']);
  });
});

test('no secret and no person gets past the redactor, wherever in a text they stand', async () => {
  const secret = fc
    .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
    .filter((text) => !/\[redacted\]/.test(text) && text.trim() === text);
  await tries('redaction', casesOf(5), fc.tuple(secret, anyText, anyText), ([word, before, after]) => {
    const redact = redactor([word], [word]);
    for (const form of [
      word,
      encodeURIComponent(word),
      Buffer.from(word).toString('base64'),
      Buffer.from(word).toString('hex'),
    ]) {
      expect(redact(`${before} ${form} ${after}`)).not.toContain(form);
    }
  });
});

test('sealed data that was altered, cut or moved does not open, and says no more than that', async () => {
  const key = { id: '0011223344556677', purpose: 'people', key: Buffer.alloc(32, 7) };
  const sealed = sealWith(key, Buffer.from('somebody@example.org'), 'r-1');
  const damage = fc.tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(sealed.length));
  await tries('sealed data', casesOf(3), damage, ([at, bits, length]) => {
    const flipped = Buffer.from(sealed);
    flipped[at] = (flipped[at] ?? 0) ^ bits;
    for (const broken of [flipped, ...(length < sealed.length ? [sealed.subarray(0, length)] : [])]) {
      expect(() => openWith(key, broken, 'r-1')).toThrow(SealingError);
    }
    expect(() => openWith(key, sealed, 'r-2')).toThrow(SealingError);
  });
});

test('no Host and no Origin header but the right ones pass, whatever is in them', async () => {
  const names = new Set(['host.example']);
  await tries('Host and Origin headers', casesOf(4), fc.tuple(anyText, fc.webUrl()), ([text, url]) => {
    expect(hostAllowed(`${text}.evil.example`, names)).toBe(false);
    expect(hostAllowed(new URL(url).host, names)).toBe(false);
    expect(originAllowed(url, 'host.example:4600', undefined)).toBe(false);
    expect(originAllowed(text, 'host.example', undefined)).toBe(false);
  });
});
