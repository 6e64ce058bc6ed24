import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jestExpect } from '@jest/expect';
import * as circus from 'jest-circus';

/** @typedef {import('@jest/types').Circus.TestEntry} Test */
/** @typedef {import('@jest/types').Circus.DescribeBlock} Block */

/**
 * Loads test files as Jest does here (test/jest), but once, and runs their tests as often as wanted: another run takes milliseconds.
 * @param {readonly string[]} files
 */
export async function loadTests(files) {
  Reflect.set(globalThis, Symbol.for('globals of the test file'), { ...circus, expect: jestExpect });
  register(pathToFileURL(resolve('test/jest/modules.mjs')));
  const state = circus.getState();
  // For what hangs, on however busy a machine.
  state.testTimeout = 600_000;
  const root = state.rootDescribeBlock;
  for (const file of ['test/jest/setup.ts', ...files]) {
    const before = root.children.length;
    await import(pathToFileURL(resolve(file)).href);
    enclose(root, before, file);
  }
  return new Tests(root);
}

/** Gives a file a block of its own, so that its hooks are for its tests alone. */
function enclose(/** @type {Block} */ root, /** @type {number} */ before, /** @type {string} */ file) {
  const children = root.children.splice(before);
  circus.describe(file, () => undefined);
  const block = /** @type {Block} */ (root.children.at(-1));
  for (const child of children) Object.assign(child, { parent: block });
  block.children.push(...children);
  block.hooks.push(...root.hooks.splice(0).map((hook) => Object.assign(hook, { parent: block })));
}

/** Tests that were loaded. */
class Tests {
  /** @type {ReadonlyMap<string, Test>} Tests by file and name. */
  all;
  /** @type {(test: Test, id: string) => void} */
  began = () => undefined;
  /** @type {(test: Test, id: string) => void} */
  ended = () => undefined;

  /** @param {Block} root */
  constructor(root) {
    const ids = new Map(testsIn(root).map((test) => [test, idOf(test)]));
    this.all = new Map([...ids].map(([test, id]) => [id, test]));
    if (this.all.size < ids.size) throw new Error('Two tests of one file have the same name.');
    circus.addEventHandler((event) => {
      if (event.name === 'test_start') this.began(event.test, ids.get(event.test) ?? '');
      if (event.name === 'test_done') this.ended(event.test, ids.get(event.test) ?? '');
    });
  }

  /**
   * Runs some, up to the first that fails.
   * @param {ReadonlySet<string> | undefined} wanted all where absent
   */
  async run(wanted) {
    for (const [id, test] of this.all) {
      Object.assign(test, { errors: [], status: null, invocations: 0 });
      test.mode = wanted === undefined || wanted.has(id) ? undefined : 'skip';
    }
    circus.getState().unhandledErrors.length = 0;
    await circus.run();
    return [...this.all].filter(([, { mode }]) => mode !== 'skip');
  }

  /** Leaves out what has not run yet. */
  stop() {
    for (const test of this.all.values()) if (test.status === null) test.mode = 'skip';
  }
}

/** @returns {Test[]} */
function testsIn(/** @type {Block} */ block) {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsIn(child)));
}

function idOf(/** @type {Test} */ test) {
  const names = [test.name];
  for (let block = /** @type {Block | undefined} */ (test.parent); block?.parent !== undefined; block = block.parent) {
    names.unshift(block.name);
  }
  return names.join(' ');
}
