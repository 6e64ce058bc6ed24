/** Mistakes of an author: each is told by its name, with the place and the remedy, by the host as by the kit. */
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { examineConnector } from 'connector-contract/testkit';
import { connectorHost } from '../cli/run.js';
import { fixture } from './fixtures.js';
import { makeMistakes, mistakes } from './mistakes.js';

/** What is said of a connector that is refused. */
interface Said {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly remedy?: string | undefined;
}

let parent: string;
let folders: readonly string[];
let doctor: ReadonlyMap<string, Said>;
let kit: (Said | undefined)[];

beforeAll(async () => {
  // Where the fixtures find the contract and inversify.
  parent = await realpath(await mkdtemp(join(fixture('.'), '.made-')));
  folders = await makeMistakes(parent);
  const roots = folders.flatMap((folder) => ['--root', folder]);
  const { out } = await connectorHost(['connectors', 'doctor', '--json', ...roots]);
  const { items } = JSON.parse(out) as { items: readonly (Said & { package: { directory: string } })[] };
  doctor = new Map(items.map((item) => [item.package.directory, item]));
  kit = [];
  // One after the other: each is to be told within the time that a host waits.
  for (const folder of folders) kit.push((await examineConnector(folder))[0]?.refusal);
});

afterAll(() => rm(parent, { recursive: true, force: true }));

describe.each(mistakes.map((one, index) => [one.mistake, index, one] as const))('%s', (_mistake, index, expected) => {
  const { code, names, remedy } = expected;
  const wanted = { code, reason: expect.stringContaining(names), remedy: expect.stringContaining(remedy) };

  test('is told by the doctor of the host', () => expect(doctor.get(folders[index] ?? '')).toMatchObject(wanted));

  test('is told by the kit', () => expect(kit[index]).toMatchObject(wanted));
});

test('the guide tells of each by its name', async () => {
  const page = await readFile(new URL('../../../../docs/writing-a-connector.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && / `[A-Z_]+` /.test(line));
  expect(rows.map((row) => row.split(' | ').slice(0, 2))).toEqual(
    mistakes.map(({ mistake, code }) => [`| ${mistake}`, `\`${code}\``]),
  );
});

test('a connector without a mistake is found to be in order by the kit', async () => {
  const [found, ...more] = await examineConnector(fixture('harbour'));
  expect([found?.refusal, found?.manifest?.id, more]).toEqual([undefined, 'harbour', []]);
});
