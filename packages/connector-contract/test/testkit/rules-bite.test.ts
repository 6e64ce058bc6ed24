import { describe, expect, test } from '@jest/globals';
import { type ContractFeature, manifestMarkdown } from '../../src/index.js';
import { type ContractOptions, contractRules, contractTests, type RuleId } from '../../src/testkit/index.js';
import { type AcmeParts, acmeModule, acmeOptions } from './acme/acme.js';
import { ask } from './acme/client.js';
import { acmeManifest } from './acme/manifest.js';
import { brokenConnectors, repeatableManifest, telling, tellingManifest } from './broken-connectors.js';

/** What would be most of the time this takes: a process for every variant, though the module file is the same in all but two; a time-out. */
const slow = {
  B1: 'the module file is the same for every variant but its own',
  B7: 'the module file is the same for every variant but its own',
  H11: 'waiting for a time-out takes as long as the time-out',
} as const;

/** The rules that a connector breaks. */
async function brokenRules(options: ContractOptions): Promise<string[]> {
  const { tests, start, stop } = contractTests(options);
  const broken: string[] = [];
  await start();
  for (const { rule, run } of tests) {
    await run().catch(() => broken.push(rule.id));
  }
  await stop();
  return broken;
}

describe('each rule is broken by a connector that breaks it, which keeps all others', () => {
  test.each(contractRules.map((rule) => [rule.id, rule.title] as const))('%s %s', async (id: RuleId) => {
    const { [id as keyof typeof slow]: _asked, ...optOuts } = slow;
    expect(await brokenRules({ ...acmeOptions(), optOuts, ...brokenConnectors[id]() })).toEqual([id]);
  });
});

test('a connector that is in order breaks none', async () => {
  expect(await brokenRules(acmeOptions())).toEqual([]);
});

test('a connector that is in order and tells of single people breaks none', async () => {
  const load = async () =>
    acmeModule((parts) =>
      telling(parts, ({ identifiers }, unknown) =>
        identifiers.every(({ value }) => unknown.includes(value)) ? 'no-match' : 'erased',
      ),
    );
  const documentation = manifestMarkdown(tellingManifest);
  expect(
    await brokenRules({ ...acmeOptions(), optOuts: slow, manifest: tellingManifest, documentation, load }),
  ).toEqual([]);
});

test('to say at once that a lost operation is absent breaks nothing where it may be submitted again', async () => {
  const load = async () =>
    acmeModule(({ deletion }) => {
      deletion.reconcile = async (_operation, _attemptedAt, ctx) => {
        await ask(ctx, 'GET', '/jobs', undefined, deletion.transport);
        return { found: 'absent' };
      };
    });
  const documentation = manifestMarkdown(repeatableManifest);
  const options = { ...acmeOptions(), optOuts: slow, load };
  expect(await brokenRules({ ...options, manifest: repeatableManifest, documentation })).toEqual([]);
  expect(await brokenRules(options)).toEqual(['D11', 'D21']);
});

describe('a connector is asked with a host that offers what its manifest asks for, and no more', () => {
  const asking = (features: readonly ContractFeature[]): ContractOptions => {
    const { features: _usual, ...contract } = acmeManifest.contract;
    const manifest = { ...acmeManifest, contract: { ...contract, features: [...features] } };
    return { ...acmeOptions(), manifest, optOuts: slow };
  };

  test.each([
    ['divided-operations', 'D16'],
    ['claimed-references', 'D11'],
  ] as const)('one that relies on %s without asking for it breaks %s', async (feature, rule) => {
    const others = (['divided-operations', 'claimed-references'] as const).filter((one) => one !== feature);
    expect(await brokenRules(asking(others))).toEqual([rule]);
  });

  test('one whose vendor gives one reference to several operations keeps all rules where it asks for that', async () => {
    const asked = { ...asking(['divided-operations', 'claimed-references', 'shared-references']) };
    expect(await brokenRules({ ...asked, ...brokenConnectors.D22() })).toEqual([]);
  });

  test.each([
    [[], 0],
    [['operation-keys'], 1],
  ] as const)('one that asks for %j is given so many keys for each operation: %i', async (features, keys) => {
    const seen = new Set<string>();
    // The rule submits each of its operations once.
    let operations = 0;
    const load = async () =>
      acmeModule(({ deletion }) => {
        const good = deletion.submit.bind(deletion);
        deletion.submit = (operation, ctx) => {
          operations += 1;
          if (operation.key !== undefined) seen.add(operation.key);
          return good(operation, ctx);
        };
      });
    const { tests, start, stop } = contractTests({ ...asking(features), load });
    await start();
    await tests.find(({ rule }) => rule.id === 'D9')?.run();
    await stop();
    expect(operations).toBeGreaterThan(0);
    expect(seen.size).toBe(keys * operations);
  });
});

/** Ways to break a rule that come to light only where the rule looks twice. */
const quietly: readonly (readonly [rule: RuleId, how: string, change: (parts: AcmeParts) => void])[] = [
  [
    'H4',
    'names a person when it takes a deletion back',
    ({ deletion }) => {
      const sent: string[] = [];
      const [submit, cancel] = [deletion.submit.bind(deletion), deletion.cancel.bind(deletion)];
      deletion.submit = (operation, ctx) => {
        sent.push(JSON.stringify(operation.subjects));
        return submit(operation, ctx);
      };
      deletion.cancel = (reference, ctx) => {
        ctx.log.info(`taking back ${sent.join()}`);
        return cancel(reference, ctx);
      };
    },
  ],
  [
    'K6',
    'does without what a later request of a check would have told',
    ({ connector }) => {
      const good = connector.check.bind(connector);
      connector.check = async (ctx) => {
        const report = await good(ctx);
        await ask(ctx, 'GET', '/me').catch(() => undefined);
        return report;
      };
    },
  ],
  [
    'S6',
    'does without what a later request of a detection would have told',
    ({ detection }) => {
      const good = detection.all.bind(detection);
      detection.all = async (ctx) => {
        const first = await good(ctx);
        await good(ctx).catch(() => []);
        return first;
      };
    },
  ],
];

test.each(quietly)('%s is broken by a connector that %s', async (rule, _how, change) => {
  expect(await brokenRules({ ...acmeOptions(), optOuts: slow, load: async () => acmeModule(change) })).toEqual([rule]);
});
