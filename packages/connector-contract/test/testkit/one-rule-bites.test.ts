import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ConnectorContext, Operation } from '../../src/index.js';
import { type ContractOptions, contractTests, type RuleId } from '../../src/testkit/index.js';
import { type AcmeParts, acmeModule, acmeOptions } from './acme/acme.js';
import { AcmeTrouble, ask } from './acme/client.js';
import { lookUpFirst } from './acme/look-up-first.js';
import { acmeManifest } from './acme/manifest.js';
import { AcmeStub } from './acme/stub.js';

/** A stub that says of some requests that they change nothing, which their method does not tell. */
class TellingStub extends AcmeStub {
  constructor(private readonly harmless: string) {
    super();
  }

  reads({ path }: { readonly path: string }): boolean | undefined {
    return path === this.harmless ? true : undefined;
  }
}

const variant = (change: (parts: AcmeParts) => void, more: Partial<ContractOptions> = {}): ContractOptions => ({
  ...acmeOptions(),
  load: async () => acmeModule(change),
  ...more,
});

/** What a rule says about a connector; nothing where it is kept. */
async function said(rule: RuleId, options: ContractOptions): Promise<string | undefined> {
  const { tests, start, stop } = contractTests(options);
  await start();
  try {
    await tests.find((one) => one.rule.id === rule)?.run();
    return undefined;
  } catch (caught) {
    return caught instanceof Error ? caught.message : String(caught);
  } finally {
    await stop();
  }
}

/** Changes how an operation is sent. */
function sending(
  { deletion }: AcmeParts,
  change: (send: AcmeParts['deletion']['send'], operation: Operation, ctx: ConnectorContext) => ReturnType<typeof send>,
): void {
  const good = deletion.send.bind(deletion);
  deletion.send = (operation, ctx) => change(good, operation, ctx);
}

/** Prints something of its own when it submits. */
function printing(parts: AcmeParts, print: (operation: Operation, ctx: ConnectorContext) => void): void {
  sending(parts, (good, operation, ctx) => {
    print(operation, ctx);
    return good(operation, ctx);
  });
}

/** What careless code prints with. */
const { console: printer } = globalThis;

const emailOf = ({ subjects }: Operation): string => subjects[0]?.identifiers[0]?.value ?? '';

/** Gives references of its own making. */
const referring = (parts: AcmeParts, reference: (operation: Operation) => string): void =>
  sending(parts, async (good, operation, ctx) => ({
    ...(await good(operation, ctx)),
    reference: reference(operation),
  }));

describe('a connector is caught that', () => {
  beforeEach(() => {
    for (const method of ['log', 'dir'] as const) jest.spyOn(console, method).mockReturnValue();
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each<readonly [how: string, rule: RuleId, says: string, change: (parts: AcmeParts) => void, vendor?: AcmeStub]>([
    [
      'takes a deletion that was lost after an answered look-up for one that was not taken',
      'D7',
      'from request 2 on: submit says not taken, but the vendor has it',
      (parts) => {
        lookUpFirst(parts);
        const good = parts.deletion.notAccepted.bind(parts.deletion);
        parts.deletion.notAccepted = (caught, operation) => {
          const broken = caught instanceof AcmeTrouble && caught.code === 'UNREACHABLE';
          return { ...good(caught, operation), ...(broken ? { certain: 'not-taken' } : {}) } as ReturnType<typeof good>;
        };
      },
    ],
    [
      'makes ten deletions for one person',
      'D10',
      'submit makes 11 requests that change something',
      (parts) =>
        sending(parts, async (good, operation, ctx) => {
          for (let number = 0; number < 10; number += 1) await ask(ctx, 'DELETE', `/people/${number}`);
          return good(operation, ctx);
        }),
    ],
    [
      'tries a deletion again that went wrong after the look-up',
      'D10',
      'from request 2 on: submit makes 2 requests that change something',
      (parts) => {
        sending(parts, (good, operation, ctx) => good(operation, ctx).catch(() => good(operation, ctx)));
        lookUpFirst(parts);
      },
    ],
    [
      'asks by something that changes the vendor',
      'D10',
      'counts as reading changes something',
      (parts) =>
        sending(parts, async (good, operation, ctx) => {
          await ask(ctx, 'POST', '/touch');
          return good(operation, ctx);
        }),
      new TellingStub('/touch'),
    ],
    ['gives one reference to all', 'D22', '3 operations have 1 references', (parts) => referring(parts, () => 'done')],
    ['takes the person for the reference', 'H4', 'submit (reference)', (parts) => referring(parts, emailOf)],
    [
      'takes the person in Base64 for the reference',
      'H4',
      'submit (reference)',
      (parts) => referring(parts, (operation) => Buffer.from(emailOf(operation)).toString('base64url')),
    ],
    [
      'takes the credential for the reference',
      'H3',
      'submit',
      (parts) =>
        sending(parts, async (_good, _operation, { config }) => ({
          accepted: true,
          reference: `${config['apiToken']}`,
        })),
    ],
    [
      'prints what it deletes',
      'H4',
      'the console',
      (parts) => printing(parts, (operation) => printer.log('deleting', { operation })),
    ],
    [
      'prints its configuration',
      'H3',
      'the console',
      (parts) => printing(parts, (_operation, { config }) => printer.dir({ config })),
    ],
    [
      'writes what it deletes to standard error',
      'H4',
      'standard output',
      (parts) => printing(parts, (operation) => void process.stderr.write(`${JSON.stringify(operation)}\n`)),
    ],
    [
      'takes the failure of a deletion for its end',
      'D23',
      'the vendor says that the deletion failed, and the state is completed',
      ({ deletion }) => {
        const good = deletion.read.bind(deletion);
        deletion.read = (data) => good(data['state'] === 'failed' ? { state: 'done' } : data);
      },
    ],
    [
      'asks a second host when it submits',
      'H12',
      '127.0.0.1:2',
      (parts) =>
        sending(parts, async (good, operation, ctx) => {
          await fetch('http://127.0.0.1:2/').catch(() => undefined);
          return good(operation, ctx);
        }),
    ],
  ])('%s: %s', async (_how, rule, says, change, vendor = new AcmeStub()) => {
    expect(await said(rule, variant(change, { vendor }))).toContain(says);
  });

  test('asks by POST, where the stub does not say that this changes nothing', async () => {
    const change = (parts: AcmeParts): void => lookUpFirst(parts, 'POST');
    expect(await said('D10', variant(change))).toContain('`reads` of the vendor stub');
  });
});

describe('what answers say is left', () => {
  const byHeader = { remaining: 'x-left', reset: 'x-reset', resetIs: 'epoch-seconds' } as const;
  const { limits } = acmeManifest;
  const manifest = { ...acmeManifest, limits: { ...limits, rate: limits.rate.map((rate) => ({ ...rate, byHeader })) } };

  test.each<readonly [how: string, said: string | undefined, limit: string, requests: number, aheadMs: number]>([
    ['as it is', undefined, 'api', 3, 600_000],
    ['of a rate that has no such headers', 'whose rate has no byHeader', 'other', 3, 600_000],
    ['as more than it is', 'says that 3 requests are left, and the host hears 4', 'api', 4, 600_000],
    ['until a time that is past', 'until the reset', 'api', 3, -600_000],
    ['until long after', 'until the reset', 'api', 3, 600_000_000],
  ])('is handed on %s: %s', async (_how, expected, limit, requests, aheadMs) => {
    const change = (parts: AcmeParts): void =>
      sending(parts, (good, operation, ctx) => {
        ctx.left?.(limit, requests, ctx.clock.now() + aheadMs);
        return good(operation, ctx);
      });
    const heard = await said('H13', variant(change, { manifest }));
    if (expected === undefined) expect(heard).toBeUndefined();
    else expect(heard).toContain(expected);
  });
});

describe.each(['GET', 'POST'] as const)('a connector that is in order and looks up by %s before it deletes', (by) => {
  const options = variant((parts) => lookUpFirst(parts, by), { vendor: new TellingStub('/people/search') });
  const { tests, start, stop } = contractTests(options);
  const asked = tests.filter(({ rule }) => /^[DH]/.test(rule.id) && (by === 'GET' || rule.id !== 'H11'));

  beforeAll(start);
  afterAll(stop);
  test.each(asked.map(({ name, run }) => [name, run] as const))('keeps %s', (_name, run) => run(), 60_000);
});
