/** The console's types of what the host answers are made from the schemas that the host describes its API with. */
import { expect, test } from '@jest/globals';
import { answerTypes } from '../../../../scripts/answer-types.mjs';
import { namedSchemas } from '../../src/api/openapi.js';

test('a field that a schema gains or loses shows', async () => {
  const before = await answerTypes(namedSchemas);
  expect(before).toContain('  issues: FieldIssue[];\n');
  const changed = { ...namedSchemas, Validation: { ...namedSchemas['Validation'], required: ['valid'] } };
  expect(await answerTypes(changed)).toBe(before.replace('  issues: FieldIssue[];\n', '  issues?: FieldIssue[];\n'));
});
