import type { Workspace } from '../workspace.js';
import { buildWorkspace, secret } from './build.js';

/** `globex`: another company's workspace, where tokens for `acme-demo` open nothing. */
export const GLOBEX: Workspace = buildWorkspace({
  slug: 'globex',
  name: 'Globex',
  plan: 'team',
  sources: [
    { slug: 'globex_com', name: 'globex.com', kind: 'javascript' },
    { slug: 'reactor', name: 'Reactor', kind: 'go' },
  ],
  destinations: [
    { source: 'globex_com', kind: 'hotjar', name: 'Hotjar', mode: 'DEVICE', settings: { hjid: '7654321' } },
    { source: 'reactor', kind: 'iterable', name: 'Iterable', settings: { apiKey: secret('globex', 'iterable') } },
    { source: 'reactor', kind: 'slack', name: 'Slack', settings: { webhookUrl: secret('globex', 'slack') } },
  ],
  warehouses: [
    {
      kind: 'postgres',
      name: 'Postgres',
      sources: ['reactor'],
      settings: { hostname: 'db.globex.example', username: 'segment', password: secret('globex', 'postgres') },
    },
  ],
});

/** `initech`: its plan has no API access. */
export const INITECH: Workspace = buildWorkspace({
  slug: 'initech',
  name: 'Initech',
  plan: 'free',
  sources: [{ slug: 'initech_com', name: 'initech.com', kind: 'javascript' }],
  destinations: [],
  warehouses: [],
});
