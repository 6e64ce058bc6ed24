import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Outcome {
  readonly code: number | null;
  readonly text: string;
}

/** Runs one of the repository's checks on a small repository made for the case. */
function check(script: string, files: Readonly<Record<string, string>>): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'checks-'));
  for (const [name, text] of Object.entries({
    'packages/connector-host/src/store/rows.ts': 'export {};\n',
    'src/own.ts': 'export {};\n',
    ...files,
  })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const path = fileURLToPath(new URL(`../scripts/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], { cwd: folder, encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

describe('npm run lint: import directions', () => {
  it('passes where every import goes inwards', () => {
    const { code, text } = check('check-imports.mjs', {
      'packages/connector-host/src/api/server.ts': "import '../store/rows.js';\nexport {};\n",
    });
    expect(text).toMatch(/\d+ modules, 1 imports: every one in an allowed direction/);
    expect(code).toBe(0);
  });

  /** What is wrong, where, what is in the file, and the rule that finds it. */
  const wrong = [
    [
      'the plugin imports the host',
      'src/bad.ts',
      "import '../packages/connector-host/src/store/rows.js';\n",
      'connector-knows-the-contract-only',
    ],
    [
      'the host imports the plugin',
      'packages/connector-host/src/bad.ts',
      "import '../../../src/own.js';\n",
      'host-knows-the-contract-only',
    ],
    [
      'the sandbox imports the plugin',
      'packages/segment-sandbox/src/bad.ts',
      "import '../../../src/own.js';\n",
      'sandbox-knows-nobody',
    ],
    [
      'the contract imports the host',
      'packages/connector-contract/src/bad.ts',
      "import '../../connector-host/src/store/rows.js';\n",
      'contract-knows-nobody',
    ],
    [
      'an inner room of the host imports an outer one, also for a type alone',
      'packages/connector-host/src/store/bad.ts',
      "import type { Answer } from '../api/server.js';\nexport const answer: Answer = '';\n",
      'host-store-knows-only-what-it-stands-on',
    ],
    ['two files import each other', 'src/circle.ts', "import './other.js';\n", 'no-circles'],
  ] as const;
  let outcome: Outcome;
  beforeAll(() => {
    outcome = check('check-imports.mjs', {
      'packages/connector-host/src/api/server.ts': 'export type Answer = string;\n',
      'src/other.ts': "import './circle.js';\nexport {};\n",
      ...Object.fromEntries(wrong.map(([, file, text]) => [file, `${text}export {};\n`])),
    });
  });

  it.each(wrong)('fails where %s', (_what, file, _text, rule) => {
    expect(outcome.text).toContain(`${rule}: ${file}`);
    expect(outcome.code).toBe(1);
  });

  it('fails where there was nothing to check', () => {
    const { code, text } = check('check-imports.mjs', {});
    expect(text).toContain('nothing was checked');
    expect(code).toBe(1);
  });
});

describe('npm run lint: docstrings', () => {
  it('passes where every exported name has one', () => {
    expect(check('check-docstrings.mjs', { 'src/a.ts': '/** Says why. */\nexport const a = 1;\n' })).toMatchObject({
      code: 0,
    });
  });

  const bare = {
    const: 'export const bare = 1;',
    function: 'export function bare(): void {}',
    class: 'export class bare {}',
    interface: 'export interface bare {}',
    type: 'export type bare = string;',
  };
  let outcome: Outcome;
  beforeAll(() => {
    const files = Object.entries(bare).map(([kind, text]) => [`src/${kind}.ts`, `${text}\n`]);
    outcome = check('check-docstrings.mjs', Object.fromEntries(files));
  });

  it.each(Object.keys(bare))('fails on an exported %s without one, naming it', (kind) => {
    expect(outcome.text).toContain(`No docstring: src/${kind}.ts: bare`);
    expect(outcome.code).toBe(1);
  });
});
