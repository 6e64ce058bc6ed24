import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** Runs one of the repository's checks on a small repository made for the case. */
function check(script: string, files: Readonly<Record<string, string>>): { code: number | null; text: string } {
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

  it.each([
    [
      'the plugin imports the host',
      'src/bad.ts',
      '../packages/connector-host/src/store/rows.js',
      'connector-knows-the-contract-only',
    ],
    [
      'the host imports the plugin',
      'packages/connector-host/src/bad.ts',
      '../../../src/own.js',
      'host-knows-the-contract-only',
    ],
    [
      'the sandbox imports the plugin',
      'packages/segment-sandbox/src/bad.ts',
      '../../../src/own.js',
      'sandbox-knows-nobody',
    ],
    [
      'the contract imports the host',
      'packages/connector-contract/src/bad.ts',
      '../../connector-host/src/store/rows.js',
      'contract-knows-nobody',
    ],
  ])('fails where %s', (_what, file, target, rule) => {
    const { code, text } = check('check-imports.mjs', { [file]: `import '${target}';\nexport {};\n` });
    expect(text).toContain(`${rule}: ${file}`);
    expect(code).toBe(1);
  });

  it('fails where an inner room of the host imports an outer one, also for a type alone', () => {
    const { code, text } = check('check-imports.mjs', {
      'packages/connector-host/src/api/server.ts': 'export type Answer = string;\n',
      'packages/connector-host/src/store/bad.ts':
        "import type { Answer } from '../api/server.js';\nexport const answer: Answer = '';\n",
    });
    expect(text).toContain('host-store-knows-only-what-it-stands-on');
    expect(code).toBe(1);
  });

  it('fails on a circle', () => {
    const { code, text } = check('check-imports.mjs', {
      'src/a.ts': "import './b.js';\nexport {};\n",
      'src/b.ts': "import './a.js';\nexport {};\n",
    });
    expect(text).toContain('no-circles');
    expect(code).toBe(1);
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

  it.each(['const', 'function', 'class', 'interface', 'type'])(
    'fails on an exported %s without one, naming it',
    (kind) => {
      const code: Record<string, string> = {
        const: 'export const bare = 1;',
        function: 'export function bare(): void {}',
        class: 'export class bare {}',
        interface: 'export interface bare {}',
        type: 'export type bare = string;',
      };
      const result = check('check-docstrings.mjs', { 'src/a.ts': `${code[kind]}\n` });
      expect(result.text).toContain('No docstring: src/a.ts: bare');
      expect(result.code).toBe(1);
    },
  );
});
