import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { connectionFaultCodes } from '../src/connections/faults.js';
import { lifecycleFaultCodes } from '../src/lifecycle/faults.js';
import { processFaultCodes } from '../src/plugins/isolation/faults.js';
import { adviceFaultCodes } from '../src/reading/advice.js';
import { answerFaultCodes } from '../src/requests/answer.js';
import { sealingErrorCodes } from '../src/sealing/sealing-error.js';

const codes = [
  adviceFaultCodes,
  answerFaultCodes,
  connectionFaultCodes,
  lifecycleFaultCodes,
  processFaultCodes,
  sealingErrorCodes,
].flatMap((table) => Object.keys(table));

test('every fault code of the host stands in docs/host-faults.md, and no other', async () => {
  const page = await readFile(fileURLToPath(new URL('../../../docs/host-faults.md', import.meta.url)), 'utf8');
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect([...documented].sort()).toEqual([...codes].sort());
});
