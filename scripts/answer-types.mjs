import { compile } from 'json-schema-to-typescript';

const header = `/**
 * What the host's HTTP API answers. Made from the schemas of \`/openapi.json\` (\`src/api/schemas\`) by each build.
 */`;

/**
 * A copy whose references point into `definitions`, as the compiler of types wants them.
 *
 * @param {unknown} node
 * @returns {unknown}
 */
function localised(node) {
  if (Array.isArray(node)) return node.map(localised);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' ? `#/definitions/${String(value).replace(/#$/, '')}` : localised(value),
    ]),
  );
}

/**
 * TypeScript types of what the host's HTTP API answers, for its console: the text of `answers.generated.ts`.
 *
 * @param {Readonly<Record<string, unknown>>} schemas by name
 * @returns {Promise<string>}
 */
export async function answerTypes(schemas) {
  const root = /** @type {import('json-schema-to-typescript').JSONSchema} */ ({
    type: 'object',
    properties: Object.fromEntries(Object.keys(schemas).map((name) => [name, { $ref: `#/definitions/${name}` }])),
    definitions: localised(schemas),
    additionalProperties: false,
  });
  const text = await compile(root, 'Answers', {
    bannerComment: header,
    ignoreMinAndMaxItems: true,
    additionalProperties: false,
    style: { singleQuote: true, printWidth: 120, trailingComma: 'all' },
  });
  // The root only held the names together.
  return `${text.replace(/export interface Answers \{[^}]*\}\n/, '').trimEnd()}\n`;
}
