import { expect, test } from '@jest/globals';
import { manifestMarkdown } from '../../src/manifest/index.js';
import { inOrder, sampleField, sampleManifest } from './sample.js';

test('the page tells everything a person needs, in the order of the work', () => {
  const page = manifestMarkdown(sampleManifest());
  const order = [
    '# Acme CRM',
    'Access (Direct Contact), Deletion (Asynchronous (Whole Record))',
    'User role here: Super Admin',
    'User role in Acme: Owner',
    '### 1. Enter the values',
    '**The apiToken** (`apiToken`, required): What to enter.',
    'One (`one`) *(default)*: The first.',
    'only where The extras is true',
    'A deletion does not reach:\n\n- Backups.',
    '[Read on](https://acme.example/next)',
    'Code `UNAUTHENTICATED`',
    '| Access type | Direct Contact |',
    '| Deletion type | Asynchronous (Whole Record) |',
    'All calls: 60 requests in 60 s, 75 % used',
    '[API](https://acme.example/api)',
    'No legal advice.',
  ];
  const places = order.map((text) => [text, page.indexOf(text)] as const);
  expect(places.filter(([, place]) => place < 0)).toEqual([]);
  expect(places.map(([, place]) => place)).toEqual(places.map(([, place]) => place).sort((one, other) => one - other));
});

test('deletion behaviors stand with their meaning and the default', () => {
  const behavior = sampleField('choice', {
    key: 'behavior',
    default: 'wait-for-completion',
    choices: [
      { value: 'complete-on-submit', label: 'At once', help: 'Done when sent.' },
      { value: 'wait-for-completion', label: 'Later', help: 'Done when done.' },
    ],
  });
  const manifest = sampleManifest(inOrder([behavior]));
  if (manifest.deletion !== undefined) {
    manifest.deletion.completion = {
      field: 'behavior',
      choices: ['complete-on-submit', 'wait-for-completion'],
      default: 'wait-for-completion',
    };
  }
  const page = manifestMarkdown(manifest);
  expect(page).toContain('- **At once**: Done when sent.\n- **Later** *(default)*: Done when done.');
});

test('advanced fields stand apart', () => {
  const fields = inOrder([
    sampleField('string', { key: 'plain' }),
    sampleField('string', { key: 'odd', group: 'more' }),
  ]);
  expect(manifestMarkdown(sampleManifest(fields))).toContain('### Advanced\n\n- **The odd** (`odd`, optional)');
});

test('raw HTML and links out of a label are made harmless', () => {
  const manifest = sampleManifest();
  manifest.displayName = '<img src=x onerror=alert(1)>';
  manifest.summary = '[x](javascript:alert(1))';
  manifest.setup.steps = [{ id: 'a', title: 'A', body: 'Text <script>alert(1)</script> <https://ok.example>' }];
  const page = manifestMarkdown(manifest);
  expect(page).not.toMatch(/<(?!https:)/);
  expect(page).not.toContain('[x](');
  expect(page).toContain('<https://ok.example>');
});

test('hosts that a person enters are named by their field', () => {
  const manifest = sampleManifest(inOrder([sampleField('string', { key: 'server', required: true, format: 'uri' })]));
  manifest.network.fromFields = ['server'];
  expect(manifestMarkdown(manifest)).toContain(
    '| Hosts it connects to | `api.acme.example`, the host entered as The server |',
  );
  manifest.network.fromFields = [{ field: 'server', hosts: ['*.acme.example', 'acme.example'] }];
  expect(manifestMarkdown(manifest)).toContain(
    ', the host entered as The server (`*.acme.example` or `acme.example`) |',
  );
});
