'use strict';

const nodeModule = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { maps } = require('./transform.cjs');

const hooks = pathToFileURL(join(__dirname, 'modules.mjs')).href;
const registered = register();
let files = 0;

/** Where Jest looks for the time that a test file gives its tests. */
const TEST_TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** Hooks run beside the modules where Node can do that, else in a thread of their own. */
async function register() {
  const registerHooks = Reflect.get(nodeModule, 'registerHooks');
  if (registerHooks === undefined) nodeModule.register(hooks);
  else registerHooks(await import(hooks));
}

/**
 * Jest's module registry, by Node's own: what a test file imports is loaded as it is for users, and only once for all test files of a
 * process. In a registry of its own each test file would load the host anew, which takes longer than most tests.
 */
module.exports = class PlainRuntime {
  #environment;
  #file = 0;
  #variables = { ...process.env };
  #exit = process.exit;

  /**
   * @param {import('@jest/types').Config.ProjectConfig} _config
   * @param {InstanceType<typeof import('./environment.cjs')>} environment
   */
  constructor(_config, environment) {
    this.#environment = environment;
    files += 1;
    this.#file = files;
  }

  /** Jest's own parts; the one that collects the tests of a file is new for each file. */
  requireInternalModule(/** @type {string} */ path) {
    delete require.cache[path];
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    return require(path);
  }

  requireModule(/** @type {string} */ path) {
    return require(path);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(/** @type {string} */ path) {
    await registered;
    return import(`${pathToFileURL(path).href}?file=${this.#file}`);
  }

  setGlobalsForRuntime(/** @type {object} */ globals) {
    const jest = jestOf(this.#environment);
    Reflect.set(globalThis, Symbol.for('globals of the test file'), { ...globals, jest });
  }

  /** What a test file changed of the process is put back. */
  teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    process.exit = this.#exit;
    Reflect.deleteProperty(globalThis, TEST_TIMEOUT);
    this.#environment.moduleMocker.restoreAllMocks();
  }

  getSourceMaps() {
    return maps;
  }

  enterTestCode() {}
  leaveTestCode() {}
  clearAllMocks() {}
  getAllCoverageInfoCopy() {}
};

/**
 * What Jest's `jest` offers without a module registry of its own: mocks and timers.
 * @param {InstanceType<typeof import('./environment.cjs')>} environment
 */
function jestOf({ moduleMocker, fakeTimersModern }) {
  const setTimeout = (/** @type {number} */ ms) => Reflect.set(globalThis, TEST_TIMEOUT, ms);
  return { ...methodsOf(fakeTimersModern), ...methodsOf(moduleMocker), setTimeout };
}

/** @param {object} object */
function methodsOf(object) {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(object));
  return Object.fromEntries(names.map((name) => [name, Reflect.get(object, name).bind(object)]));
}
