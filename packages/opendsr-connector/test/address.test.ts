import { expect, test } from '@jest/globals';
import { isAllowed } from 'connector-kit';
import { ownManifest } from '../src/manifest.js';

const config = {
  baseUrl: 'https://dsr.processor.example/v2',
  certificateUrl: 'https://static.processor.example/cert.pem',
};
const allowedOrigins = ['http://127.0.0.1:4700', 'no origin'];

test.each([
  ['https://dsr.processor.example/v2/discovery', true],
  ['https://static.processor.example/other.pem', true],
  ['http://127.0.0.1:4700/v2/discovery', true],
  ['http://dsr.processor.example/v2/discovery', false],
  ['https://dsr.processor.example:8443/', false],
  ['https://other.example/', false],
  ['https://me:pw@dsr.processor.example/', false],
  ['http://127.0.0.1:4701/', false],
  ['https://127.0.0.1:4700/', false],
  ['ftp://dsr.processor.example/', false],
])('a request to %s may go out: %s', (url, allowed) => {
  expect(isAllowed(new URL(url), ownManifest(), { config, allowedOrigins })).toBe(allowed);
});

test('an address within the network of the host is not allowed by entering it', () => {
  for (const baseUrl of ['https://127.0.0.1/v2', 'https://localhost/v2', 'https://vault.internal/v2']) {
    expect(isAllowed(new URL(baseUrl), ownManifest(), { config: { baseUrl }, allowedOrigins: [] })).toBe(false);
  }
});
