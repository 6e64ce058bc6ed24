/**
 * How Node finds and reads the modules of tests, in place of Jest's module registry:
 * - a test and its helpers are TypeScript, and are new for each test file;
 * - what they import from a package's `src/` is what was built of it, loaded once for all test files of a process, as everything else is;
 * - `@jest/globals` is what Jest gave for the test file.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTypeScript, withoutTypes } from './transform.cjs';

const root = new URL('../../', import.meta.url).href;
const globals = new URL('globals.mjs', import.meta.url);
const built = new RegExp(`^(${root}(?:packages/(?:connectors/)?[^/]+/)?)src/(.*)$`);

/** @type {(specifier: string, context: { parentURL?: string }, next: Function) => unknown} */
export function resolve(specifier, context, next) {
  const parent = new URL(context.parentURL ?? root);
  if (specifier === '@jest/globals') return { url: globals.href + parent.search, format: 'module', shortCircuit: true };
  if (!specifier.startsWith('.') || !/\.tsx?$/.test(parent.pathname)) return next(specifier, context);
  const url = new URL(specifier, parent);
  const sources = [url.href, url.href.replace(/\.js$/, '.ts'), url.href.replace(/\.js$/, '.tsx')];
  const source = sources.find((one) => /\.tsx?$/.test(one) && existsSync(fileURLToPath(one)));
  if (source === undefined) return next(specifier, context);
  const [, home, path] = built.exec(source) ?? [];
  if (path === undefined) return { url: source + parent.search, format: 'module', shortCircuit: true };
  return { url: `${home}dist/${path.replace(/\.tsx?$/, '.js')}`, format: 'module', shortCircuit: true };
}

/** @type {(url: string, context: object, next: Function) => unknown} */
export function load(url, context, next) {
  if (!isTypeScript(url)) return next(url, context);
  return { source: withoutTypes(url).code, format: 'module', shortCircuit: true };
}
