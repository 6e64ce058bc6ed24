import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countsOf, type RunningHost, runHost } from '../api/running-host.js';

const people = 40;
const file = [
  'request_id,email,user_id',
  ...Array.from({ length: people }, (_, i) => `p${i},p${i}@example.com,user-${i}`),
].join('\n');

interface Entry {
  readonly kind: string;
  readonly text: string;
}

describe.each([
  { api: 'public', token: 'publicOwner' },
  { api: 'config', token: 'configAdmin' },
] as const)('by the $api API', ({ api, token }) => {
  describe.each(['wait-for-completion', 'complete-on-submit'] as const)('with %s', (asyncDeletionBehavior) => {
    let running: RunningHost;

    beforeAll(async () => {
      running = await runHost({ isolation: 'process' });
    });
    afterAll(() => running.stop());

    test('people are connected, taken in, erased once each, and followed to their end', async () => {
      const { sandbox, call, until } = running;
      const connection = await running.connect('Acme', { apiToken: sandbox.tokens[token], asyncDeletionBehavior });
      expect((await call('GET', `/api/v1/connections/${connection}`)).body.facts.api).toBe(api);

      const report = await call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
      expect(report.body).toMatchObject({ accepted: people, duplicates: 0, rejected: 0, doubtful: 0, mended: 0 });

      const { counts } = await until('/api/v1/requests', (body) => body.counts.pending + body.counts.processing === 0);
      expect(counts).toEqual(countsOf({ left_over: people }));

      const { items } = (await call('GET', '/api/v1/operations')).body;
      const regulations = sandbox.regulations();
      expect(items.map((one: { reference: string }) => one.reference).toSorted()).toEqual(
        regulations.map(({ id }) => id).toSorted(),
      );
      const sent = regulations.flatMap(({ subjectIds }) => subjectIds);
      const expected = Array.from({ length: people }, (_, i) => [`p${i}@example.com`, `user-${i}`]).flat();
      expect(sent.toSorted()).toEqual(expected.toSorted());

      const found = (await call('GET', `/api/v1/requests?search=${encodeURIComponent('user-7')}`)).body;
      expect(found.items.map((item: { requestId: string }) => item.requestId)).toEqual(['p7']);
      const one = (await call('GET', '/api/v1/requests/p7')).body;
      expect(one.tasks).toMatchObject([{ state: 'complete', accessStep: 'access_skipped' }]);
      const kinds = one.timeline.map((entry: Entry) => entry.kind);
      const texts = one.timeline.map((entry: Entry) => entry.text).join('\n');
      if (asyncDeletionBehavior === 'complete-on-submit') {
        expect(texts).toContain('marked complete on submission, as the connection asks');
        expect(kinds).not.toContain('operation.completed');
      } else {
        expect(kinds).toContain('operation.completed');
        expect(one.operations[0].destinations.length).toBeGreaterThan(0);
      }

      const detection = (await call('POST', `/api/v1/connections/${connection}/detections`)).body;
      expect(detection).toMatchObject({ state: 'complete' });
      expect(detection.found).toBeGreaterThan(20);
    });
  });
});
