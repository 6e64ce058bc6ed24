import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONTRACT_VERSION, inRange, manifestMarkdown, parseManifest } from '../../src/index.js';

const run = promisify(execFile);
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scaffold-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function connectorContract(...args: readonly string[]): Promise<Ended> {
  const failed = (error: Ended): Ended => error;
  return run(process.execPath, [command, ...args], { cwd: folder }).then((done) => ({ code: 0, ...done }), failed);
}

const read = (...path: readonly string[]): Promise<string> => readFile(join(folder, ...path), 'utf8');

describe('connector-contract init', () => {
  test('writes a package whose names are those that were asked for, and nothing of the template', async () => {
    expect((await connectorContract('init', 'acme-crm')).code).toBe(0);
    const files = (await readdir(join(folder, 'acme-crm'), { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    const names = files.map((file) => file.name);
    expect(names).toEqual(expect.arrayContaining(['.gitignore', 'package.json', 'acme-crm.json', 'module.ts']));
    expect(names.filter((name) => name === 'gitignore' || name.includes('template'))).toEqual([]);
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
    expect(texts.filter((text) => /my-connector|My Connector/.test(text))).toEqual([]);
  });

  test('writes a manifest that is in order, for this contract, and the page that it makes', async () => {
    await connectorContract('init', 'acme-crm');
    const parsed = parseManifest(JSON.parse(await read('acme-crm', 'manifests/acme-crm.json')));
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    expect(parsed.manifest).toMatchObject({ id: 'acme-crm', displayName: 'Acme Crm' });
    expect(inRange(CONTRACT_VERSION, parsed.manifest.contract.range)).toBe(true);
    expect(await read('acme-crm', 'SETUP.md')).toBe(manifestMarkdown(parsed.manifest));
    const { dependencies } = JSON.parse(await read('acme-crm', 'package.json')) as Record<
      string,
      Record<string, string>
    >;
    expect(inRange(CONTRACT_VERSION, dependencies?.['connector-contract'] ?? '')).toBe(true);
  });

  test('gives the package another name than the folder where it is told to', async () => {
    expect((await connectorContract('init', 'here', '--name', '@acme/crm')).code).toBe(0);
    expect(JSON.parse(await read('here', 'package.json'))).toMatchObject({
      name: '@acme/crm',
      connector: { manifests: ['./manifests/crm.json'] },
    });
  });

  test('takes an empty folder', async () => {
    await mkdir(join(folder, 'acme'));
    expect((await connectorContract('init', 'acme')).code).toBe(0);
  });

  test('refuses a folder that is not empty, and leaves it as it was', async () => {
    await mkdir(join(folder, 'acme'));
    await writeFile(join(folder, 'acme', 'notes.txt'), 'mine');
    const { code, stderr } = await connectorContract('init', 'acme');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('is not empty (notes.txt)') });
    expect(await readdir(join(folder, 'acme'))).toEqual(['notes.txt']);
  });

  test('refuses a file in place of the folder', async () => {
    await writeFile(join(folder, 'acme'), 'mine');
    expect(await connectorContract('init', 'acme')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a file'),
    });
  });

  test.each([
    ['Acme', 'lower case words'],
    ['acme_crm', 'lower case words'],
    ['-acme', 'lower case words'],
    ['1acme', 'lower case words'],
    ['a'.repeat(65), 'longer than 64 characters'],
    ['http', 'is taken'],
    ['connector-contract', 'is taken'],
    ['@Acme/crm', 'not the name of a package'],
    ['a/b/c', 'not the name of a package'],
    ['@acme/', 'is empty'],
  ])('refuses the name %s and writes nothing', async (name, why) => {
    const { code, stderr } = await connectorContract('init', 'place', `--name=${name}`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(why) });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('connector-contract page', () => {
  test('prints the page of a manifest, or writes it to a file', async () => {
    await connectorContract('init', 'acme');
    const page = await read('acme', 'SETUP.md');
    expect(await connectorContract('page', 'acme/manifests/acme.json')).toMatchObject({ code: 0, stdout: page });
    expect((await connectorContract('page', 'acme/manifests/acme.json', '--output', 'page.md')).code).toBe(0);
    expect(await read('page.md')).toBe(page);
  });

  test.each([
    ['a file that is not there', undefined, 'cannot be read (ENOENT)'],
    ['a file that is not JSON', '{', 'is not JSON'],
    ['a manifest that is not in order, issue by issue', '{"id": "acme"}', 'displayName: `displayName` is missing'],
  ])('refuses %s', async (_, text, why) => {
    if (text !== undefined) await writeFile(join(folder, 'it.json'), text);
    const { code, stderr } = await connectorContract('page', 'it.json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(why) });
  });
});

describe('connector-contract check', () => {
  test('says of a folder that is no connector why not, and what to do', async () => {
    const { code, stderr } = await connectorContract('check');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/KEYWORD_MISSING[\s\S]*What to do: /) });
  });
});

describe('connector-contract dev', () => {
  test('says where connector-host is not installed beside the connector, and what to do', async () => {
    await connectorContract('init', 'acme');
    const { code, stderr } = await connectorContract('dev', 'acme');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('npm install --save-dev connector-host'),
    });
  });

  test('takes ports and nothing else for ports', async () => {
    const { code, stderr } = await connectorContract('dev', '--port', 'x');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--port') });
  });
});

describe('the command line', () => {
  test.each([
    [['--help'], 'Usage: connector-contract COMMAND'],
    [['init', '--help'], 'Usage: connector-contract init'],
    [['page', '-h'], 'Usage: connector-contract page'],
    [['check', '-h'], 'Usage: connector-contract check'],
    [['dev', '-h'], 'Usage: connector-contract dev'],
    [['--version'], CONTRACT_VERSION],
  ])('%j helps', async (args, text) => {
    expect(await connectorContract(...args)).toMatchObject({ code: 0, stdout: expect.stringContaining(text) });
  });

  test.each([
    [[]],
    [['make']],
    [['init']],
    [['init', 'a', 'b']],
    [['init', '--nmae', 'x']],
    [['page']],
    [['toString']],
  ])('%j ends with code 2 and says why', async (args: readonly string[]) => {
    const { code, stdout, stderr } = await connectorContract(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^connector-contract: .+/);
  });
});
