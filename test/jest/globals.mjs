/** `@jest/globals`, as Jest gave it for the test file that is being loaded. */
const given = Reflect.get(globalThis, Symbol.for('globals of the test file'));

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = given;
