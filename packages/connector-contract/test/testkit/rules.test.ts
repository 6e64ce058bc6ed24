import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  type ContractRunner,
  contractRules,
  contractTests,
  describeConnectorContract,
  ruleChapters,
  rulesMarkdown,
} from '../../src/testkit/index.js';
import { versionsPage } from '../../src/testkit/versions.js';
import { acmeOptions } from './acme/acme.js';

describe('the table of rules', () => {
  test('numbers the rules of each chapter without gaps', () => {
    for (const letter of Object.keys(ruleChapters)) {
      const numbers = contractRules
        .filter((rule) => rule.id.startsWith(letter))
        .map((rule) => Number(rule.id.slice(1)));
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
  });

  test('gives every rule a title of its own and a reason', () => {
    expect(new Set(contractRules.map((rule) => rule.title)).size).toBe(contractRules.length);
    for (const { title, reason } of contractRules) {
      expect(title).not.toMatch(/\.$/);
      expect(reason).toMatch(/\.$/);
    }
  });

  test('is what docs/contract-rules.md was made from', async () => {
    const page = await readFile(new URL('../../../../docs/contract-rules.md', import.meta.url), 'utf8');
    expect(page).toBe(rulesMarkdown());
  });
});

describe('the table of features by host', () => {
  const marked = (table: string): string =>
    `before\n<!-- Made by npm run generate. -->\n${table}\n<!-- End of what was made. -->\nafter`;

  test('is what docs/versions.md has', async () => {
    const page = await readFile(new URL('../../../../docs/versions.md', import.meta.url), 'utf8');
    expect(versionsPage(page)).toBe(page);
  });

  test('keeps what was said of hosts that were released before', () => {
    const page = versionsPage(
      marked(
        '| feature | host 0.9.0 | host 1.0.0 | it |\n| --- | --- | --- | --- |\n| `operation-keys` | yes | yes | old |',
      ),
    );
    expect(page).toMatch(/^\| feature \| host 0\.9\.0 \| host 1\.0\.0 \|/m);
    expect(page).toMatch(/^\| `operation-keys` \| yes \| yes \| Every operation/m);
    expect(page).toMatch(/^\| `claimed-references` \| {2}\| yes \|/m);
    expect([page.startsWith('before'), page.endsWith('after')]).toEqual([true, true]);
  });

  test('wants its place', () => expect(() => versionsPage('nothing')).toThrow('has no table'));
});

describe('describeConnectorContract', () => {
  test('registers one test for each rule that applies, named by it, between start and stop', () => {
    const said: string[] = [];
    const runner: ContractRunner = {
      describe: (name, body) => {
        said.push(name);
        body();
      },
      beforeAll: () => void said.push('start'),
      afterAll: () => void said.push('stop'),
      test: (name) => void said.push(name),
    };
    describeConnectorContract({ ...acmeOptions(), runner });
    expect(said).toEqual([
      'acme-crm keeps the connector contract',
      'start',
      'stop',
      ...contractRules
        .filter(({ scope }) => !['results', 'repeatable', 'by-header'].includes(scope))
        .map((rule) => `${rule.id} ${rule.title}`),
    ]);
  });

  test('asks nothing about capabilities that the manifest does not declare', () => {
    const {
      deletion: _deletion,
      systemDetection: _detection,
      ...manifest
    } = acmeOptions().manifest as Record<string, unknown>;
    const asked = contractTests({ ...acmeOptions(), manifest }).tests.map(({ rule }) => rule.scope);
    expect(new Set(asked)).toEqual(new Set(['always']));
  });
});

describe('an opt-out', () => {
  const optedOut = (reason: string) => {
    const { tests } = contractTests({ ...acmeOptions(), optOuts: { D11: reason } });
    return tests.find(({ rule }) => rule.id === 'D11');
  };

  test('shows its reason in the name of the test', () => {
    expect(optedOut('the vendor keeps no list of jobs')?.name).toContain(
      '(not asked: the vendor keeps no list of jobs)',
    );
  });

  test('with a reason lets the rule pass', async () => {
    await expect(optedOut('the vendor keeps no list of jobs')?.run()).resolves.toBeUndefined();
  });

  test('without a reason fails', async () => {
    await expect(optedOut('later')?.run()).rejects.toThrow('needs its reason in a sentence');
  });
});

test('a global that a library leaves behind is let through where its reason is given', async () => {
  const entry = new URL('./modules/global.mjs', import.meta.url);
  const imported = (allowedGlobals: Record<string, string>) =>
    contractTests({ ...acmeOptions(), entry, allowedGlobals }).tests.find(({ rule }) => rule.id === 'B1');
  await expect(imported({})?.run()).rejects.toThrow('globals: acmeRegistry');
  await expect(imported({ acmeRegistry: 'the validator keeps its rules there' })?.run()).resolves.toBeUndefined();
});
