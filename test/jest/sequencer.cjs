'use strict';

const { join, relative } = require('node:path');
const TestSequencer = require('@jest/test-sequencer').default;

const root = join(__dirname, '../..');
const seconds = new Map(Object.entries(require('./weights.json')));

/**
 * The longest first, by what is written in `weights.json`, so that no worker is left with a long one at the end; then those that are
 * not in it. Two runs have one order.
 */
module.exports = class LongestFirst extends TestSequencer {
  /** Paths of the test files of this run, from the folder of the repository. */
  static chosen = /** @type {string[]} */ ([]);

  /**
   * @override
   * @param {Iterable<import('@jest/test-result').Test>} tests
   */
  sort(tests) {
    const paths = new Map([...tests].map((test) => [relative(root, test.path), test]));
    LongestFirst.chosen = [...paths.keys()];
    const weight = (/** @type {string} */ path) => seconds.get(path) ?? 0;
    return [...paths].sort(([a], [b]) => weight(b) - weight(a) || (a < b ? -1 : 1)).map(([, test]) => test);
  }
};
