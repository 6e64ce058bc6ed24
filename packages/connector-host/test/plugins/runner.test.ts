import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ConnectorContext, Operation, Subject } from 'connector-contract';
import type { RunnerPatience } from '../../src/plugins/guarded-runner.js';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import type { ConnectorRunner } from '../../src/plugins/runner.js';
import { testContext } from './context.js';
import { isolations, loadFixtures } from './fixtures.js';

const secret = 's3cret/token+1';

describe.each(isolations)('with isolation %s', (isolation) => {
  let registry: ConnectorRegistry;
  let hasty: ConnectorRunner;
  let patient: ConnectorRunner;
  const close: (() => Promise<void>)[] = [];

  const load = async (patience: RunnerPatience): Promise<[ConnectorRegistry, ConnectorRunner]> => {
    const loaded = await loadFixtures(['misbehaving', 'plain'], { isolation, patience });
    close.push(() => loaded.close());
    const found = loaded.runner('misbehaving');
    if (found === undefined) throw new Error('The fixture was not loaded.');
    return [loaded, found];
  };
  beforeAll(async () => {
    [registry, hasty] = await load({ single: 2, several: 2, searching: 4, graceMs: 20 });
    [, patient] = await load({ single: 9_000, several: 9_000, searching: 9_000 });
  });
  afterAll(async () => {
    for (const one of close) await one();
  });

  /** Only what hangs is hurried: on a busy machine all else may take its time. */
  const runnerFor = (way: string) => (way.includes('hangs') ? hasty : patient);

  const how = (way: string, more: Partial<ConnectorContext> = {}) => testContext({ apiToken: secret, how: way }, more);
  const person = (id: string): Subject => ({
    id,
    identifiers: [{ kind: 'email', value: `${id.length}ada@example.org` }],
  });
  const whole: Operation = { subjects: [person('a'), person('bb'), person('ccc')], identifierCount: 3, bytes: 9 };

  describe('check', () => {
    test.each([
      ['throws an error', 'CONNECTOR_BUG'],
      ['throws a string', 'CONNECTOR_BUG'],
      ['throws half a fault', 'CONNECTOR_BUG'],
      ['throws a fault with the secret', 'VENDOR_ERROR'],
      ['hangs', 'TIMEOUT'],
      ['hangs until aborted', 'TIMEOUT'],
      ['answers nothing', 'CONNECTOR_BUG'],
      ['answers a function', 'CONNECTOR_BUG'],
      ['answers a circle', 'CONNECTOR_BUG'],
      ['leaves a permission out', 'CONNECTOR_BUG'],
      ['answers a permission twice', 'CONNECTOR_BUG'],
    ])('of a connector that %s is a blocked report with %s, every permission skipped', async (way, code) => {
      const report = await runnerFor(way).check(how(way));
      expect(report).toMatchObject({ status: 'blocked', problems: [{ code }], facts: {} });
      expect(report.permissions.map((one) => [one.permission, one.outcome])).toEqual([
        ['account-read', 'skipped'],
        ['people-erase', 'skipped'],
        ['apps-read', 'skipped'],
      ]);
    });

    test('is blocked where a required permission is denied, whatever the connector says', async () => {
      expect((await patient.check(how('says ready where a permission is denied'))).status).toBe('blocked');
    });

    test('drops keys beyond the contract and takes secrets out of what it keeps', async () => {
      const report = await patient.check(how('says more than it should'));
      expect(report).not.toHaveProperty('extra');
      expect(report.facts).toEqual({ token: '[redacted]' });
    });

    test('gives the connector copies: what it changes there stays there', async () => {
      const ctx = how('changes what it was given');
      expect((await patient.check(ctx)).status).toBe('ready');
      expect(ctx.config['apiToken']).toBe(secret);
      expect(ctx.facts).toEqual({});
      expect(ctx.capabilities).toEqual(['deletion']);
    });

    test('called off by the host throws ABORTED', async () => {
      const controller = new AbortController();
      const checked = hasty.check(how('hangs', { signal: controller.signal }));
      controller.abort();
      await expect(checked).rejects.toMatchObject({ code: 'ABORTED' });
    });

    describe('in a time of its own', () => {
      beforeEach(() => {
        // Sockets and processes are real, and go by these.
        jest.useFakeTimers({
          doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance', 'hrtime'],
        });
      });
      afterEach(() => {
        jest.useRealTimers();
      });

      test('does not count waiting for its turn as the time of the connector', async () => {
        let turn: (() => void) | undefined;
        let tellAsked: (() => void) | undefined;
        const asked = new Promise<void>((resolve) => {
          tellAsked = resolve;
        });
        const pace = () => {
          tellAsked?.();
          return new Promise<void>((resolve) => {
            turn = resolve;
          });
        };
        const checked = hasty.check(how('waits for its turn', { pace }));
        await asked;
        // Its deadline is 200 ms.
        await jest.advanceTimersByTimeAsync(60_000);
        turn?.();
        expect((await checked).status).toBe('ready');
      });

      test('counts on when its turn has come', async () => {
        let tellAsked: (() => void) | undefined;
        const asked = new Promise<void>((resolve) => {
          tellAsked = resolve;
        });
        const checked = hasty.check(how('waits for its turn and hangs', { pace: async () => tellAsked?.() }));
        await asked;
        await jest.advanceTimersByTimeAsync(10_000);
        expect(await checked).toMatchObject({ problems: [{ code: 'TIMEOUT' }] });
      });
    });
  });

  describe('what a connector says', () => {
    test('never holds the secret, an encoding of it or an e-mail address', async () => {
      const [problem] = (await patient.check(how('throws a fault with the secret'))).problems;
      expect(problem?.message).toBe('The vendor said: bad token [redacted], [redacted]');
      expect(problem?.remedy).toBe('Replace [redacted].');
    });

    test('when it throws an error is logged by its kind and place, without its message', async () => {
      const ctx = how('throws an error');
      const report = await patient.check(ctx);
      expect(ctx.lines).toEqual([
        expect.objectContaining({
          level: 'error',
          fields: expect.objectContaining({ method: 'check', error: 'Error' }),
        }),
      ]);
      const told = JSON.stringify([report, ctx.lines]);
      expect(told).not.toContain(secret);
      expect(told).not.toContain('ada@');
    });
  });

  describe('validate', () => {
    test('of a connector that throws is a CONNECTOR_BUG', async () => {
      await expect(patient.validate({ apiToken: secret, how: 'throws an error' })).rejects.toMatchObject({
        code: 'CONNECTOR_BUG',
        kind: 'bug',
      });
    });
  });

  describe('plan', () => {
    const config = { apiToken: secret, how: '' };
    const four = (first: string) => [person(first), person('b'), person('cc'), person('ddd')];

    test.each([
      ['leaves somebody out', 2],
      ['takes somebody twice', 2],
      ['invents somebody', 2],
      ['changes an identifier', 2],
      ['rejects without a fault', 2],
      ['fills too much', 4],
    ])('that %s is a CONNECTOR_BUG', async (first, people) => {
      await expect(patient.plan(four(first).slice(0, people), config)).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
    });

    test('within the limits is answered', async () => {
      const plan = await patient.plan(four('fills too much').slice(0, 3), config);
      expect(plan.operations.map((one) => one.subjects.length)).toEqual([3]);
    });

    test('that names a person in a fault has the name taken out', async () => {
      const plan = await patient.plan([person('names a person in a fault')], config);
      expect(plan.rejected[0]?.fault.message).toBe('No [redacted] here');
    });

    test('that throws its people tells nothing of them', async () => {
      const failed = patient.plan([person('throws the people')], config);
      await expect(failed).rejects.toMatchObject({
        code: 'CONNECTOR_BUG',
        message: expect.not.stringContaining('ada'),
      });
    });

    test('of a connector without deletion is NOT_SUPPORTED', async () => {
      await expect(registry.runner('plain')?.plan([], {})).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    });
  });

  describe('submit', () => {
    test.each(['throws an error', 'hangs', 'answers nothing', 'throws a fault with the secret'])(
      'of a connector that %s counts as unknown',
      async (way) => {
        expect(await runnerFor(way).submit(whole, how(way))).toMatchObject({ accepted: false, certain: 'unknown' });
      },
    );

    test.each(['divides into itself', 'divides and loses', 'divides and doubles'])(
      'that %s counts as unknown, a CONNECTOR_BUG',
      async (way) => {
        const outcome = await runnerFor(way).submit(whole, how(way));
        expect(outcome).toMatchObject({ accepted: false, certain: 'unknown', fault: { code: 'CONNECTOR_BUG' } });
      },
    );

    test('that divides well is answered with the parts', async () => {
      const outcome = await patient.submit(whole, how('divides well'));
      expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code: 'INPUT_REFUSED' } });
      expect(outcome.accepted ? [] : outcome.instead?.map((part) => part.subjects.map(({ id }) => id))).toEqual([
        ['a'],
        ['bb', 'ccc'],
      ]);
    });

    test('that was called off before it began was certainly not taken, and does not reach the connector', async () => {
      const outcome = await patient.submit(whole, how('throws an error', { signal: AbortSignal.abort() }));
      expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code: 'ABORTED' } });
    });
  });

  test('a reconcile, which may go through all that a vendor keeps, has longer than a check', async () => {
    const reconciled = hasty.reconcile(whole, '2025-01-01T00:00:00Z', how('hangs'));
    await expect(reconciled).rejects.toMatchObject({ message: expect.stringContaining('within 400 ms') });
    expect((await hasty.check(how('hangs'))).problems).toMatchObject([
      { message: expect.stringContaining('within 200 ms') },
    ]);
  });

  describe.each(['reconcile', 'status', 'cancel'] as const)('%s', (method) => {
    const call = (way: string) => {
      const ctx = how(way);
      const runner = runnerFor(way);
      if (method === 'reconcile') return runner.reconcile(whole, '2025-01-01T00:00:00Z', ctx);
      return method === 'status' ? runner.status('r', ctx) : (runner.cancel?.('r', ctx) ?? Promise.resolve());
    };

    test.each([
      ['throws an error', 'CONNECTOR_BUG'],
      ['hangs', 'TIMEOUT'],
      ['answers nothing', 'CONNECTOR_BUG'],
      ['throws a fault with the secret', 'VENDOR_ERROR'],
    ])('of a connector that %s throws %s', async (way, code) => {
      await expect(call(way)).rejects.toMatchObject({ code, message: expect.not.stringContaining(secret) });
    });
  });

  describe('detect', () => {
    const names = async (way: string) => {
      const found: string[] = [];
      for await (const system of runnerFor(way).detect(how(way))) found.push(system.name);
      return found;
    };

    test('yields a system once, as text that a database takes', async () => {
      expect(await names('behaves')).toEqual(['A system']);
    });

    test.each([
      ['hangs', 'TIMEOUT'],
      ['throws an error', 'CONNECTOR_BUG'],
      ['yields rubbish', 'CONNECTOR_BUG'],
    ])('of a connector that %s throws %s after what it yielded', async (way, code) => {
      await expect(names(way)).rejects.toMatchObject({ code });
    });

    test('of a connector without it throws NOT_SUPPORTED', async () => {
      const iterator = registry.runner('plain')?.detect(how('behaves'))[Symbol.asyncIterator]();
      await expect(iterator?.next()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    });
  });
});
