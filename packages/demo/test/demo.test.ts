import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: environment });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, text };
}

// Segment's month alone takes it two minutes; the limit is for a demo that hangs.
jest.setTimeout(900_000);

describe('npm run demo', () => {
  it('does the whole job on a fresh machine and ends by itself with code 0', async () => {
    const { code, text } = await run(['--demo'], process.env);
    expect(text).toContain('The connection is ready.');
    expect(text).toContain('10001 accepted, 4 duplicates, 5 rejected, 0 doubtful.');
    for (const line of [1201, 3401, 5601, 7801, 9001]) expect(text).toContain(`  line ${line}: `);
    expect(text).toMatch(/^\d+ left_over · \d+ error$/m);
    for (const state of ['left_over', 'error']) expect(text).toContain(`One person whose request is "${state}"`);
    expect(text).toMatch(/A deletion reaches \d+ of \d\d systems; \d+ need you, \d+ (is|are) not known\./);
    // What is left over is told by its name in the inventory, with the reason.
    expect(text).toMatch(
      /^Left over\n(?: {2}.+ \((?:NOT_REACHED|NEEDS_SETUP|VENDOR_EXCEPTION|COVERAGE_UNKNOWN)\): .+\n)+/m,
    );
    // It ends with the work that is open, one piece of it in full, and where to do it.
    expect(text).toMatch(/\$ connector-host work show \d+\nErase \d+ people in /);
    expect(text).toMatch(/Only people can do what is left, \d+ pieces of work: .*\d+ decide-system/);
    expect(text).toContain('connector-host systems treat');
    expect(text.trim().split('\n').at(-1)?.trim()).toBe('npm start -- --data-dir demo-data');
    expect(text).not.toContain('sandbox-secret-');
    expect(text).not.toContain('DeprecationWarning');
    expect(code).toBe(0);
  });

  it('asks for the workspace where only a token of the real Segment is given', async () => {
    const { code, text } = await run(['--demo'], {
      ...process.env,
      SEGMENT_API_TOKEN: 'canary-token',
      SEGMENT_WORKSPACE: '',
    });
    expect(code).toBe(1);
    expect(text).toContain('set it to the name of the workspace');
    expect(text).not.toContain('canary-token');
  });
});
