import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Pages for people: the packages' READMEs, and everything below docs. */
async function pages(): Promise<string[]> {
  const below = async (folder: string, recursive: boolean) =>
    (await readdir(join(root, folder), { recursive })).map((name) => join(folder, name));
  const readmes = (await below('packages', false)).concat(await below('packages/connectors', false));
  const all = [
    ...(await below('.', false)),
    ...readmes.map((name) => join(name, 'README.md')),
    ...(await below('docs', true)),
  ];
  return all.filter((name) => name.endsWith('.md') && existsSync(join(root, name)));
}

/** Targets of a page's links and pictures that are files of the repository. */
function filesOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.replace(/#.*$/, ''));
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

test('every link of a page to a file leads to one', async () => {
  const dead: string[] = [];
  let links = 0;
  for (const page of await pages()) {
    for (const target of filesOf(await readFile(join(root, page), 'utf8'))) {
      links += 1;
      if (!existsSync(join(root, dirname(page), target))) dead.push(`${page}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(10);
});

test('a dead link is found', () => {
  expect(filesOf('[a](docs/a.md#b) ![c](c.png) [d](https://x.example) [e](#here)')).toEqual(['docs/a.md', 'c.png']);
});
