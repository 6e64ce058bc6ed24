import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import type { AccessTokens } from '../../src/access/tokens.js';
import { authenticate } from '../../src/api/authenticate.js';
import { callerOf } from '../../src/api/caller.js';
import { MOST_FAILURES } from '../../src/api/failures.js';
import { answerProblems } from '../../src/api/problems.js';
import { VirtualClock } from '../virtual-clock.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:0:0:0:1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s: of IPv6, whoever has one address has the /64 around it', (address, caller) => {
  expect(callerOf(address)).toBe(caller);
});

test('wrong tokens from all addresses of a /64 count together', async () => {
  // What a proxy says stands for the address of a network that this machine does not have.
  const app = fastify({ trustProxy: true });
  const tokens = {
    judge: async () => ({ refused: 'unknown' }),
    tellRefused: async () => undefined,
  } as unknown as AccessTokens;
  authenticate(app, tokens, new VirtualClock());
  answerProblems(app);
  app.get('/api/v1/session', { config: { access: 'connectors:read' } }, async () => ({}));
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/api/v1/session`;
  const guess = async (address: string, token: string) =>
    (await fetch(url, { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': address } })).status;
  for (let n = 1; n <= MOST_FAILURES; n += 1) {
    expect(await guess(`2001:db8::${n.toString(16)}`, `guess-${n}`)).toBe(401);
  }
  expect(await guess('2001:db8::ffff', 'guess-next')).toBe(429);
  expect(await guess('2001:db8:0:1::1', 'guess-next')).toBe(401);
  await app.close();
});
