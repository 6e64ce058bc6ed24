/** Whatever a connector does to its process: the host, its neighbours and its own next call go on. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Operation } from 'connector-contract';
import { testContext } from '../context.js';
import { gone, how, openScene, processOf, type Scene, secret } from './rampant.js';

const whole: Operation = {
  subjects: [{ id: 'a', identifiers: [{ kind: 'email', value: 'ada@example.org' }] }],
  identifierCount: 1,
  bytes: 1,
};

const mebibyte = 1024 * 1024;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.registry.close());

const neighbourWorks = async () => {
  expect(await scene.neighbour.check(testContext({}))).toMatchObject({ status: 'ready' });
};

const deadly = [
  ['exits', 'ended by itself with code 0'],
  ['aborts', 'was ended by SIGABRT'],
  ['throws in the background', 'ended by itself with code 70'],
  ['hangs and lets nothing else run', 'gave no sign of life'],
  // While it collects garbage it hears nothing: on a busy machine that is noticed first.
  ['fills the heap', 'memory|gave no sign of life'],
  ['fills the memory outside of the heap', 'used more memory than its 250 MiB'],
  ['closes the line to the host', 'connector'],
  ['writes rubbish to the host', 'does not understand'],
  ['claims an endless message', 'does not understand'],
  ['waits for too much', 'waited for too many things'],
  ['asks for two things by one number', 'asked for two things by one number'],
  ['says again that it is up', 'said twice'],
  ['says again that it is loaded', 'said twice'],
  ['is refused after it was loaded', 'said twice'],
  ['says that it lives without being asked', 'without being asked'],
  ['says without end what nobody waits for', 'without end what nobody waits for'],
] as const;

describe.each(deadly)('a connector that %s', (way, why) => {
  test('ends its own process alone: its neighbour works meanwhile, and it is back for the next call', async () => {
    const before = await processOf(scene);
    const failing = scene.rampant.check(how(way));
    await neighbourWorks();
    const report = await failing;
    expect(report).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'CONNECTOR_CRASHED', retryable: true, message: expect.stringMatching(why) }],
    });
    expect(JSON.stringify(report)).not.toContain(secret);
    await gone(before);
    expect(await processOf(scene)).not.toBe(before);
    await neighbourWorks();
  });
});

describe.each(['throws an object that is no text', 'throws an object that throws', 'throws nothing'])(
  'a connector that %s',
  (way) => {
    test('has a defect that its call tells, and the host goes on', async () => {
      const before = await processOf(scene);
      const defect = { code: 'CONNECTOR_BUG', retryable: false };
      await expect(scene.rampant.plan(whole.subjects, how(way).config)).rejects.toMatchObject(defect);
      expect(await scene.rampant.check(how(way))).toMatchObject({ problems: [defect] });
      expect(await scene.rampant.submit(whole, how(way))).toMatchObject({ certain: 'unknown', fault: defect });
      await expect(scene.rampant.status('r', how(way))).rejects.toMatchObject(defect);
      const reading = async () => {
        for await (const _system of scene.rampant.detect(how(way)));
      };
      await expect(reading()).rejects.toMatchObject(defect);
      expect(await processOf(scene)).toBe(before);
      await neighbourWorks();
    });
  },
);

test('a fault of no shape, written to the line by hand, is a defect of the connector', async () => {
  const way = how('says that it threw an object that is no text');
  expect(await scene.rampant.check(way)).toMatchObject({ problems: [{ code: 'CONNECTOR_BUG' }] });
  await neighbourWorks();
});

describe('an answer that is too large', () => {
  test.each(['answers without end', 'answers a million nothings'])(
    'is a defect of the connector and ends its process: it %s',
    async (way) => {
      // Making such an answer lets nothing else run for a while.
      const roomy = await openScene({ limits: { heapMiB: 256, memoryMiB: 512, unresponsiveMs: 20_000 } });
      const before = await processOf(roomy);
      const beside = roomy.rampant.check(how('hangs for ever'));
      expect(await roomy.rampant.check(how(way))).toMatchObject({
        status: 'blocked',
        problems: [
          { code: 'CONNECTOR_BUG', retryable: false, message: expect.stringContaining('larger than one may be') },
        ],
      });
      expect(await beside).toMatchObject({ problems: [{ code: 'CONNECTOR_CRASHED', retryable: true }] });
      await gone(before);
      expect(await roomy.neighbour.check(testContext({}))).toMatchObject({ status: 'ready' });
      await roomy.registry.close();
    },
  );

  test('takes no memory of the host: a plan of sixty megabytes that cost the connector little is not read', async () => {
    const roomy = await openScene({ limits: { heapMiB: 256, memoryMiB: 512, unresponsiveMs: 10_000 } });
    const before = process.memoryUsage();
    const { config } = how('plans millions of nothings');
    await expect(roomy.rampant.plan(whole.subjects, config)).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(64 * mebibyte);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(32 * mebibyte);
    await roomy.registry.close();
  });
});

describe('a call that is lost with its process', () => {
  test('counts as unknown where it was a submission', async () => {
    expect(await scene.rampant.submit(whole, how('exits'))).toMatchObject({
      accepted: false,
      certain: 'unknown',
      fault: { code: 'CONNECTOR_CRASHED', retryable: true },
    });
  });

  test.each(['status', 'reconcile'] as const)('is a fault to try again after, where it was %s', async (method) => {
    const ctx = how('exits');
    const lost =
      method === 'status'
        ? scene.rampant.status('r', ctx)
        : scene.rampant.reconcile(whole, '2025-01-01T00:00:00Z', ctx);
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTOR_CRASHED', retryable: true });
  });

  test('takes the calls beside it with it, each with a fault', async () => {
    const beside = scene.rampant.check(how('hangs for ever'));
    await scene.rampant.check(how('exits'));
    expect(await beside).toMatchObject({ problems: [{ code: 'CONNECTOR_CRASHED' }] });
  });
});

describe('a connector that', () => {
  test('throws or hangs for ever stays where it is', async () => {
    const before = await processOf(scene);
    expect(await scene.rampant.check(how('throws'))).toMatchObject({ problems: [{ code: 'CONNECTOR_BUG' }] });
    const controller = new AbortController();
    const hanging = scene.rampant.check(how('hangs for ever', { signal: controller.signal }));
    await neighbourWorks();
    expect(await processOf(scene)).toBe(before);
    controller.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await processOf(scene)).toBe(before);
  });

  test('rejects in the background is told to the log, without what it said, and goes on', async () => {
    const before = await processOf(scene);
    expect(await scene.rampant.check(how('rejects in the background'))).toMatchObject({ status: 'ready' });
    await scene.logs('left a rejection unhandled');
    expect(await processOf(scene)).toBe(before);
  });

  test.each([
    ['rejects a thousand times', 'left a rejection unhandled', 'failed more often'],
    ['talks to others without end', 'tried to reach', 'tried more often'],
  ])('%s is told to the log twenty times in a minute, and then how many more there were', async (way, each, more) => {
    const other = await openScene();
    await other.rampant.check(how(way));
    await other.registry.close();
    const lines = (text: string) => other.logged.filter((line) => line.includes(text));
    expect(lines(each)).toHaveLength(20);
    expect(lines(more).map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ left: 980 })]);
  });

  test('prints is told to the log once, without what it printed', async () => {
    expect(await scene.rampant.check(how('prints'))).toMatchObject({ status: 'ready' });
    await scene.logs('prints to standard output');
    await scene.rampant.check(how('prints'));
    expect(scene.logged.filter((line) => line.includes('prints to standard output'))).toHaveLength(1);
  });

  test('logs without end is cut off', async () => {
    const ctx = how('logs without end');
    expect(await scene.rampant.check(ctx)).toMatchObject({ status: 'ready' });
    expect(ctx.lines).toHaveLength(1_000);
    expect(ctx.lines.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('logs too much') });
  });

  test('replaces globals replaces its own', async () => {
    const before = { map: Array.prototype.map, json: JSON, replace: String.prototype.replaceAll };
    await scene.rampant.check(how('replaces globals'));
    expect({ map: Array.prototype.map, json: JSON, replace: String.prototype.replaceAll }).toEqual(before);
    expect(Object.prototype).not.toHaveProperty('polluted');
    await neighbourWorks();
  });

  test('leaves timers behind is gone with them when the host closes', async () => {
    const other = await openScene();
    expect(await other.rampant.check(how('leaves timers behind'))).toMatchObject({ status: 'ready' });
    const pid = await processOf(other);
    await other.registry.close();
    await gone(pid);
  });

  test('has the secret in hand while it misbehaves leaves none of it in the log of the host', () => {
    expect(scene.logged.length).toBeGreaterThan(10);
    expect(scene.logged.join('')).not.toContain(secret);
  });
});

describe('a detection', () => {
  test('is not run ahead of whoever reads it', async () => {
    const ctx = how('behaves');
    const iterator = scene.rampant.detect(ctx)[Symbol.asyncIterator]();
    for (let read = 0; read < 150; read += 1) await iterator.next();
    const ahead = ctx.lines.length;
    await scene.rampant.check(how('behaves'));
    expect(ahead).toBeGreaterThanOrEqual(149);
    // Two pages of a hundred, and the step that is always under way.
    expect(ctx.lines.length).toBeLessThanOrEqual(201);
    await iterator.return?.();
  });

  test('yields everything in order', async () => {
    const keys: string[] = [];
    for await (const system of scene.rampant.detect(how('behaves'))) keys.push(system.key);
    expect(keys).toEqual(Array.from({ length: 1_000 }, (_, index) => `k${index}`));
  });

  test('that is lost with its process throws after what was yielded', async () => {
    const keys: string[] = [];
    const reading = async () => {
      for await (const system of scene.rampant.detect(how('exits'))) keys.push(system.key);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'CONNECTOR_CRASHED' });
    expect(keys.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, index) => `k${index}`));
  });
});
