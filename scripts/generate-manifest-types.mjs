// Writes the TypeScript types of the manifest from its JSON Schema. `--check` only says whether they are current.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const contract = new URL('../packages/connector-contract/', import.meta.url);
const source = new URL('schema/manifest.schema.json', contract);
const target = new URL('src/manifest/manifest.generated.ts', contract);

const header = `/**
 * Types of a connector's manifest. Made from \`schema/manifest.schema.json\`: change that, then run \`npm run generate\`.
 */`;

/**
 * A copy without `^x-`: extension keys are allowed in a manifest, but as an index signature they would let every typing mistake pass.
 *
 * @param {unknown} node
 * @returns {unknown}
 */
function withoutExtensionKeys(node) {
  if (Array.isArray(node)) return node.map(withoutExtensionKeys);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(
    ([name, value]) => !(name === 'patternProperties' && '^x-' in Object(value)),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutExtensionKeys(value)]));
}

/**
 * The text of `manifest.generated.ts`.
 *
 * @param {string} schemaText the JSON Schema
 * @returns {Promise<string>}
 */
export async function manifestTypes(schemaText) {
  const schema = /** @type {import('json-schema-to-typescript').JSONSchema} */ (
    withoutExtensionKeys(JSON.parse(schemaText))
  );
  const text = await compile(schema, 'ConnectorManifest', {
    bannerComment: header,
    ignoreMinAndMaxItems: true,
    additionalProperties: false,
    style: { singleQuote: true, printWidth: 120, trailingComma: 'all' },
  });
  return `${text.trimEnd()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await manifestTypes(await readFile(source, 'utf8'));
  if (!process.argv.includes('--check')) {
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8')) !== text) {
    console.error('manifest.generated.ts is not what the schema says: run npm run generate');
    process.exitCode = 1;
  }
}
