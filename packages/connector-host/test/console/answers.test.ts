/** The console's types of what the host answers are made from the schemas the host describes its API with. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { answerTypes } from '../../../../scripts/generate-console-model.mjs';
import { namedSchemas } from '../../src/api/openapi.js';

const committed = readFileSync(new URL('../../console/src/api/answers.generated.ts', import.meta.url), 'utf8');

test('they are what the schemas say: run npm run generate', async () => {
  expect(await answerTypes(namedSchemas)).toBe(committed);
});

test('a field that a schema gains or loses shows', async () => {
  const changed = { ...namedSchemas, Validation: { ...namedSchemas['Validation'], required: ['valid'] } };
  expect(await answerTypes(changed)).toBe(committed.replace('  issues: FieldIssue[];\n', '  issues?: FieldIssue[];\n'));
});
