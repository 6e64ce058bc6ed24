'use strict';

const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { fileURLToPath } = require('node:url');
const { transformSync } = require('@swc/core');

/** @type {import('@swc/core').Options} */
const options = {
  swcrc: false,
  configFile: false,
  sourceMaps: true,
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: { legacyDecorator: true, useDefineForClassFields: false, verbatimModuleSyntax: true },
  },
};

const isTypeScript = (/** @type {string} */ url) => /^file:[^?]*\.tsx?(\?|$)/.test(url);

/** A module of the tests without its types, and the map from the one to the other. */
function withoutTypes(/** @type {string} */ url) {
  const filename = fileURLToPath(url);
  return transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
}

/** For those who print where an error was thrown: where the map of a module lies, by its URL. Each stack that is read asks for them. */
const maps = {
  /** @type {Map<string, string>} */
  written: new Map(),

  get(/** @type {string} */ url) {
    if (!isTypeScript(url)) return undefined;
    const known = maps.written.get(url);
    if (known !== undefined) return known;
    const file = join(tmpdir(), `test-map-${createHash('sha256').update(url).digest('hex').slice(0, 16)}.json`);
    writeFileSync(file, withoutTypes(url).map ?? '');
    maps.written.set(url, file);
    return file;
  },
};

module.exports = { isTypeScript, withoutTypes, maps };
