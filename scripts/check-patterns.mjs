// Every regular expression takes time in proportion to the text it meets: one that does not, and meets a long text of somebody else,
// holds the whole process up. Looks at literals, at `new RegExp` and at the patterns of JSON Schemas.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { packages } from './packages.mjs';

/** Patterns that are only known when the program runs: whose they are, and why they may be used. */
const madeLater = {
  'packages/connector-contract/src/identifiers/judge.ts pattern': 'judged by pattern.ts when the manifest is read',
  'packages/connector-contract/src/manifest/field-value.ts pattern': 'judged by pattern.ts when the manifest is read',
  'packages/connector-contract/src/manifest/pattern.ts pattern': 'compiled to be judged, and used nowhere',
  'packages/connector-host/src/cli/output.ts `\\\\S{${width}}(?=\\\\S)`': 'so many characters and one more',
  'packages/segment-sandbox/src/flags.ts text': 'given by whoever starts the sandbox',
};

const roots = ['src', 'manifests', ...packages.map((folder) => join(folder, 'src'))];
const files = roots
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)))
  .filter((file) => /\.(?:tsx?|json)$/.test(file) && !/\.d\.ts$/.test(file));

/** @type {{source: string, flags: string, at: string}[]} */
const found = [];
/** @type {string[]} */
const unknown = [];
const used = new Set();
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.json')) lookThrough(JSON.parse(text), file);
  else readSource(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), file);
}

/** @param {unknown} value @param {string} file */
function lookThrough(value, file) {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'pattern' && typeof item === 'string') found.push({ source: item, flags: 'u', at: file });
    else lookThrough(item, file);
  }
}

/** @param {ts.SourceFile} source @param {string} file */
function readSource(source, file) {
  const at = (/** @type {ts.Node} */ node) =>
    `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  /** @type {Map<string, ts.Expression>} */
  const constants = new Map();
  /** @param {ts.Expression | undefined} node @returns {string | undefined} */
  const textOf = (node) => {
    if (node === undefined) return undefined;
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isIdentifier(node)) return textOf(constants.get(node.text));
    if (!ts.isTemplateExpression(node)) return undefined;
    const parts = node.templateSpans.map(({ expression, literal }) => [textOf(expression), literal.text]);
    return parts.some(([value]) => value === undefined) ? undefined : node.head.text + parts.flat().join('');
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      constants.set(node.name.text, node.initializer);
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1), at: at(node) });
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [given, flags] = node.arguments ?? [];
      const text = textOf(given);
      const name = `${file} ${given?.getText()}`;
      if (text !== undefined) found.push({ source: text, flags: textOf(flags) ?? '', at: at(node) });
      else if (name in madeLater) used.add(name);
      else
        unknown.push(`${at(node)}: the pattern is only known when the program runs; say in this script why it may be`);
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'pattern') {
      const text = textOf(node.initializer);
      if (text !== undefined) found.push({ source: text, flags: 'u', at: at(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

// Judged by counted steps and from one seed, not by time: a busy machine would find patterns slow that are not.
const bySteps = { timeout: null, seedingTimeout: null, incubationTimeout: null, attackTimeout: null, randomSeed: 1 };

// What was judged once need not be judged again: some patterns take a second.
const cache = 'node_modules/.cache/check-patterns.json';
/** @type {Record<string, string>} */
let known = {};
try {
  known = JSON.parse(readFileSync(cache, 'utf8'));
} catch {
  // The first time.
}
/** @type {Record<string, string>} */
const safe = {};
/** @type {string[]} */
const slow = [];
for (const { source, flags, at } of found) {
  const key = `/${source}/${flags}`;
  const verdict = safe[key] ?? (known[key] === 'safe' ? 'safe' : judge(source, flags));
  if (verdict === 'safe') safe[key] = verdict;
  else slow.push(`${at}: ${key} ${verdict}`);
}
mkdirSync('node_modules/.cache', { recursive: true });
writeFileSync(cache, JSON.stringify(safe));

/** @param {string} source @param {string} flags */
function judge(source, flags) {
  const result = checkSync(source, flags, bySteps);
  if (result.status === 'safe') return 'safe';
  if (result.status === 'unknown') return `could not be judged (${result.error.kind})`;
  return `takes ${result.complexity.summary} time, as for ${result.attack.pattern}`;
}

const idle = Object.keys(madeLater).filter((name) => !used.has(name));
for (const each of [...slow, ...unknown, ...idle.map((name) => `${name}: is not there any more`)]) console.error(each);
if (slow.length + unknown.length + idle.length > 0 || found.length === 0) process.exitCode = 1;
else
  console.log(
    `${found.length} regular expressions in ${files.length} files: each takes time in proportion to its text.`,
  );
