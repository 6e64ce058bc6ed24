import { describe, expect, test } from '@jest/globals';
import { hostAllowed } from '../../src/api/hosts.js';

describe('the Host header', () => {
  const names = new Set(['privacy.example']);
  test.each([
    ['127.0.0.1:4600', true],
    ['localhost', true],
    ['LOCALHOST:4600', true],
    ['[::1]:4600', true],
    ['192.0.2.7', true],
    ['Privacy.example:443', true],
    ['evil.example', false],
    ['evil.example:4600', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (header, allowed) => {
    expect(hostAllowed(header, names)).toBe(allowed);
  });
});
