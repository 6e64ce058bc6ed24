import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from './packing.js';

const MINUTES = 60_000;

/** A fenced block of the guide: what stands behind the fence, and what is in it. */
interface Block {
  readonly info: string;
  readonly text: string;
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }));
}

/**
 * The guide as one script: `sh` is run, `sh server` is run and waited for until it says where the console is, a language followed by
 * a path is written to that file. Other blocks are shown to the reader only.
 */
function scriptOf(blocks: readonly Block[]): string {
  const parts = blocks.map(({ info, text }, index) => {
    const output = `$OUTPUT/${index}`;
    if (info === 'sh') return `echo '== ${index}'\n${text}`;
    if (info === 'sh server') {
      return `{\n${text}} > "${output}" 2> "${output}.err"\nuntil grep -q 'Console at' "${output}"; do kill -0 $! || { cat "${output}.err"; exit 1; }; sleep 0.1; done`;
    }
    const [, path] = info.split(' ');
    return path === undefined
      ? ''
      : `mkdir -p "$(dirname '${path}')"\ncat > '${path}' << 'END-OF-FILE'\n${text}END-OF-FILE`;
  });
  // What the reader would do next: ask once more and save a change of the manifest, before anything is stopped.
  const last = parts.findLastIndex((part) => part.includes('kill $(jobs'));
  parts.splice(
    last,
    0,
    'npx connector-host status request-1 --json > "$OUTPUT/request.json"',
    'sed -i "s/All calls/Each call/" acme-crm/manifests/acme-crm.json',
    'until grep -q "Each call" acme-crm/dist/src/manifest.js; do kill -0 $!; sleep 0.1; done',
  );
  return ['set -euo pipefail', ...parts, 'wait', ''].join('\n');
}

/** Runs a script in a process group of its own, which ends with it; answers code and output. */
async function follow(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const child = spawn('bash', ['-c', script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
  try {
    process.kill(-(child.pid ?? 0), 'SIGTERM');
  } catch {
    // Nothing was left of the group.
  }
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}

describe('docs/writing-a-connector.md, followed to the letter', () => {
  let folder: string;
  let output: string;
  let code: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guide-'));
    // The host's own PostgreSQL runs as another user where the tests run as root.
    await chmod(folder, 0o755);
    const page = await readFile(join(root, 'docs/writing-a-connector.md'), 'utf8');
    const { NODE_OPTIONS: _options, NODE_ENV: _mode, ...environment } = process.env;
    const quiet = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
    const env = { ...environment, ...quiet, FRAMEWORK: root, OUTPUT: folder };
    await writeFile(join(folder, 'guide.sh'), scriptOf(blocksOf(page)));
    ({ code, output } = await follow(scriptOf(blocksOf(page)), folder, env));
  }, 20 * MINUTES);

  /** How many tests passed, run by run. */
  const passed = (): number[] => [...output.matchAll(/^# pass (\d+)$/gm)].map((match) => Number(match[1]));

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('every command ends well', () => {
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });

  test('the new connector keeps every rule, before and after the change', () => {
    const [before = 0, after = 0] = passed();
    expect(Math.min(before, after)).toBeGreaterThan(45);
    expect(output.match(/^# fail 0$/gm)).toHaveLength(3);
  });

  test('the snippets of the chapters do what is said of them', () => {
    expect(passed().slice(2)).toEqual([9]);
  });

  test('the host lists it as ready', () => {
    expect(output).toMatch(/acme-crm\s.*ready/);
    expect(output).toMatch(/acme-crm 0\.1\.0: ready[\s\S]*all \d+ passed/);
  });

  test('the person is erased, by one batch that the vendor completed', async () => {
    const request = JSON.parse(await readFile(join(folder, 'request.json'), 'utf8')) as Record<string, unknown>;
    expect(request).toMatchObject({
      requestId: 'request-1',
      state: 'complete',
      tasks: [{ state: 'complete' }],
      operations: [{ state: 'completed', vendorState: 'done', reference: 'erasure-1', attempts: 1 }],
    });
  });
});
