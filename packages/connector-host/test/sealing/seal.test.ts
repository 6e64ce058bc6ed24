import { describe, expect, test } from '@jest/globals';
import { type DataKey, newKeyId, openWith, sealedBy, sealWith } from '../../src/sealing/seal.js';

const key = (over: Partial<DataKey> = {}): DataKey => ({
  id: newKeyId(),
  purpose: 'p',
  key: Buffer.alloc(32, 7),
  ...over,
});
const plain = Buffer.from('what is sealed');

describe('sealed data', () => {
  test('opens with its key and its place, and names its key', () => {
    const one = key();
    const sealed = sealWith(one, plain, 'row/1');
    expect(openWith(one, sealed, 'row/1')).toEqual(plain);
    expect(sealedBy(sealed)).toBe(one.id);
    expect(sealed.includes(plain)).toBe(false);
  });

  test('never has the same initialisation vector twice', () => {
    const one = key();
    const vectors = Array.from({ length: 5000 }, () => sealWith(one, plain, 'row/1').toString('hex', 9, 21));
    expect(new Set(vectors).size).toBe(5000);
  });

  test('may be empty', () => {
    const one = key();
    expect(openWith(one, sealWith(one, Buffer.alloc(0), 'b'), 'b')).toHaveLength(0);
  });

  test('does not open where a single bit anywhere was changed', () => {
    const one = key();
    const sealed = sealWith(one, plain, 'row/1');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openWith(one, changed, 'row/1')).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/SEAL_BROKEN|DATA_KEY_UNKNOWN/) }),
      );
    }
  });

  test('does not open when it is cut off', () => {
    const one = key();
    const sealed = sealWith(one, plain, 'row/1');
    for (const length of [0, 1, 20, sealed.length - 1]) {
      expect(() => openWith(one, sealed.subarray(0, length), 'row/1')).toThrow(
        expect.objectContaining({ code: 'SEAL_BROKEN' }),
      );
    }
  });

  test('does not open at another place', () => {
    const one = key();
    const sealed = sealWith(one, plain, 'row/1');
    expect(() => openWith(one, sealed, 'row/2')).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });

  test.each([
    ['another key', { key: Buffer.alloc(32, 8) }, 'SEAL_BROKEN'],
    ['another purpose', { purpose: 'q' }, 'SEAL_BROKEN'],
    ['the key of another id', { id: newKeyId() }, 'DATA_KEY_UNKNOWN'],
  ])('does not open with %s', (_what, over, code) => {
    const one = key();
    const sealed = sealWith(one, plain, 'row/1');
    expect(() => openWith({ ...one, ...over }, sealed, 'row/1')).toThrow(expect.objectContaining({ code }));
  });
});
