// Every exported name has a docstring: interfaces, types, functions, classes and constants that leave their file.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packages } from './packages.mjs';

const roots = ['src', ...packages.map((folder) => join(folder, 'src'))];
const files = roots
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)))
  .filter((file) => /\.tsx?$/.test(file) && !/\.generated\.ts$|\.d\.ts$/.test(file));
/** @type {string[]} */
const missing = [];
let exported = 0;

for (const file of files) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {Map<string, boolean>} whether a declaration of the name has a docstring: a type beside a constant of its name needs one of the two */
  const documented = new Map();
  for (const statement of source.statements) {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) continue;
    for (const name of namesOf(statement)) {
      documented.set(name, documented.get(name) === true || ts.getJSDocCommentsAndTags(statement).length > 0);
    }
  }
  exported += documented.size;
  for (const [name, has] of documented) if (!has) missing.push(`${file}: ${name}`);
}

/** @param {ts.Statement} statement */
function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const named = /** @type {{name?: ts.Node}} */ (/** @type {unknown} */ (statement)).name;
  return named === undefined ? [] : [named.getText()];
}

for (const each of missing) console.error(`No docstring: ${each}`);
if (missing.length > 0 || exported === 0) process.exitCode = 1;
else console.log(`${exported} exported names in ${files.length} files: each has its docstring.`);
