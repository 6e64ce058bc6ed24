import { describe, expect, test } from '@jest/globals';
import { vendorWords } from '../../src/deletion/vendor-words.js';

describe("a destination's own words", () => {
  test.each([
    ['destination does not support deletion', 'destination does not support deletion'],
    ['HTTP 401: secret key is missing (SECRET_KEY_MISSING).', 'HTTP 401: secret key is missing (SECRET_KEY_MISSING).'],
    ['user anna@example.org not found', 'user … not found'],
    ['user anna%2Btag%40example.org not found', 'user … not found'],
    ['no profile for userId=97980cfea0067', 'no profile for …'],
    ['id 00042 unknown', 'id … unknown'],
    ['user 42 not found', 'user … not found'],
    ['User ID: 417', 'User ID: …'],
    ['status 404 for user 404', 'status 404 for user …'],
    ['user jane-doe not found', 'user … not found'],
    ['profile users/jane is unknown', 'profile … is unknown'],
    ['cannot delete "anna"; try later', 'cannot delete …; try later'],
    ["cannot delete 'Anna Smith' now", 'cannot delete … now'],
    ["the destination doesn't answer", "the destination doesn't answer"],
    ['see https://vendor.example/users/anna', 'see …'],
    ['пользователь анна not found', '… not found'],
    ['token AbCdEfGhIjKlMnOpQrStUvWxYz refused', 'token … refused'],
    [`a key ${'A'.repeat(40)} is missing`, `a key ${'A'.repeat(40)} is missing`],
    [`a key ${'A'.repeat(41)} is missing`, 'a key … is missing'],
    ['  refused :  key\n missing ', 'refused : key missing'],
    ['refused ([{<see the docs>}])!', 'refused ([{<see the docs>}])!'],
    ['users u1 u2 u3 u4 not found', 'users … not found'],
    ['', ''],
  ])('%j passes as %j', (said, passed) => {
    expect(vendorWords(said)).toBe(passed);
  });

  test('go on to the two hundredth character', () => {
    const whole = `${'word '.repeat(39)}words`;
    expect(vendorWords(whole)).toBe(whole);
    expect(vendorWords(`${whole}s`)).toBe(`${'word '.repeat(39)}word…`);
  });

  test('are bounded, however long they are', () => {
    expect(vendorWords('word '.repeat(500_000)).length).toBeLessThanOrEqual(200);
    expect(vendorWords('"'.repeat(500_000)).length).toBeLessThanOrEqual(200);
  });
});
