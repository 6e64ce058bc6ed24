/** For programs of the tests in processes of their own: `node --import ./test/jest/register.mjs program.ts`. */
import { register } from 'node:module';

register('./modules.mjs', import.meta.url);
