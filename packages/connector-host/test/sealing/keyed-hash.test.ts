import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyedHash } from '../../src/sealing/keyed-hash.js';

const key = Buffer.from('0123456789abcdef0123456789abcdef');

test('a keyed hash is HMAC-SHA-256, whatever the text and whatever came before it', () => {
  const hash = new KeyedHash(key);
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 3000 }), fc.string({ maxLength: 40 }));
  fc.assert(
    fc.property(texts, (text) => {
      expect(hash.sum(text)).toBe(createHmac('sha256', key).update(text, 'utf8').digest().toString('latin1'));
    }),
  );
});

test('another key gives another hash', () => {
  expect(new KeyedHash(key).sum('a')).not.toBe(new KeyedHash(Buffer.alloc(32)).sum('a'));
});
