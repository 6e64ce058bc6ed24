import { compile } from 'json-schema-to-typescript';

const header = `/**
 * Types of a connector's manifest. Made from \`schema/manifest.schema.json\` by each build.
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
 * TypeScript types of a manifest: the text of `manifest.generated.ts`.
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
