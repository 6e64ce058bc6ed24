/**
 * nock for one test file. It takes the place of the HTTP client of the whole process, which all test files share: whoever imports this
 * has it from the first test to the last, and nobody else has it at all.
 */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import nock from 'nock';

// The first import in a process switches it on.
nock.restore();
beforeAll(() => nock.activate());
afterEach(() => {
  nock.cleanAll();
});
afterAll(() => nock.restore());

export { nock };
