import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import type { AccessTokens } from '../../src/access/tokens.js';
import { authenticate } from '../../src/api/authenticate.js';
import { VirtualClock } from '../virtual-clock.js';

test('a route of the API that does not say who may call it is not served', () => {
  const app = fastify();
  authenticate(app, {} as AccessTokens, new VirtualClock());
  expect(() => app.get('/api/v1/forgotten', async () => 'open')).toThrow(
    'The route GET /api/v1/forgotten does not say who may call it.',
  );
  app.get('/api/v1/known', { config: { access: 'connections:read' } }, async () => 'closed');
});
