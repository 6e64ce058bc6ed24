import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from 'segment-sandbox';

const main = fileURLToPath(new URL('../../dist/try-segment/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'try-segment-'));
const transcript = join(folder, 'transcript.json');

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => rmSync(transcript, { force: true }));

/** Runs the command; `typed` answers the made-up user that it shows with what is to be typed. */
async function run(args: readonly string[], typed?: (shown: string) => string, environment: NodeJS.ProcessEnv = {}) {
  const account = { SEGMENT_API_TOKEN: sandbox.tokens.publicOwner, SEGMENT_WORKSPACE: 'acme-demo' };
  const child = spawn(process.execPath, [main, ...args, '--at', sandbox.url, '--transcript', transcript], {
    env: { PATH: process.env['PATH'], ...account, ...environment },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const shown = /^ {2}(segment-config-try-\w+)$/m.exec(text)?.[1];
      if (shown !== undefined && typed !== undefined) child.stdin.end(`${typed(shown)}\n`);
    });
  if (typed === undefined) child.stdin.end();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}

describe('npm run try:segment', () => {
  test('--read-only prints what is confirmed, writes the transcript, and changes nothing', async () => {
    const { text } = await run(['--read-only']);
    expect(text).toMatch(/What is taken for granted: \d+ confirmed, \d+ refuted, \d+ not seen/);
    expect(text).toContain('confirmed  public-workspace: ');
    expect(text).toContain('not seen   config-workspace: ');
    expect(JSON.parse(readFileSync(transcript, 'utf8')).length).toBeGreaterThan(5);
    expect(text).not.toContain(sandbox.tokens.publicOwner);
    expect(sandbox.regulations()).toEqual([]);
  });

  test('exit code 0 where nothing was refuted, 3 where something was', async () => {
    expect((await run(['--read-only'])).code).toBe(0);
    sandbox.faults.add({ on: 'GET /regulations/{id}', kind: 'status', status: 422, times: 5 });
    const { code, text } = await run(['--read-only']);
    expect(text).toContain('refuted    public-unknown-regulation: ');
    expect(code).toBe(3);
    sandbox.faults.clear();
  });

  test('--with-one-synthetic-user sends nothing unless the made-up user is typed', async () => {
    const before = JSON.stringify(sandbox.calls());
    for (const typed of ['yes', 'y', '', 'segment-config-try-000000000000']) {
      const { code, text } = await run(['--with-one-synthetic-user'], () => typed);
      expect([code, text]).toEqual([2, expect.stringContaining('Not confirmed: nothing was sent.')]);
    }
    expect((await run(['--with-one-synthetic-user'])).code).toBe(2);
    expect(JSON.stringify(sandbox.calls())).toBe(before);
  });

  test('--with-one-synthetic-user erases that one user, once, and says what Segment did with it', async () => {
    let user = '';
    const { text } = await run(['--with-one-synthetic-user'], (shown) => {
      user = shown;
      return shown;
    });
    expect(sandbox.regulations().map(({ subjectIds }) => subjectIds)).toEqual([[user]]);
    expect(text).toContain('submit the synthetic user: accepted');
    expect(text).toContain('reconcile that submission: accepted');
    for (const id of [
      'public-create',
      'public-created-is-listed',
      'public-created-is-readable',
      'public-quota-headers',
    ])
      expect(text).toContain(`confirmed  ${id}: `);
    expect(readFileSync(transcript, 'utf8')).not.toContain(user);
  });

  test.each([
    [[], {}, 'either --read-only or --with-one-synthetic-user'],
    [['--read-only', '--with-one-synthetic-user'], {}, 'either --read-only or --with-one-synthetic-user'],
    [['--read-only', '--at', 'https://api.segmentapis.com'], {}, 'origin of this machine'],
    [['--read-only'], { SEGMENT_API_TOKEN: '' }, 'SEGMENT_API_TOKEN'],
    [['--read-only'], { SEGMENT_WORKSPACE: '' }, 'SEGMENT_WORKSPACE'],
  ])('%j with %j: exit code 2 and what to do', async (args, environment, words) => {
    const { code, text } = await run(args, undefined, environment);
    expect([code, text]).toEqual([2, expect.stringContaining(words)]);
  });
});
