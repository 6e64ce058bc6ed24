import { describe, expect, test } from '@jest/globals';
import { inFlightMs } from 'connector-kit';
import { segmentDeletion } from '../../src/deletion/deletion.js';
import { ownManifest } from '../../src/manifest.js';
import { nock } from '../nock.js';
import { NOW, publicOrigin, recordedContext, useLoopback } from '../segment/harness.js';

useLoopback();

const deletion = segmentDeletion();
const config = { api: 'public', regulationType: 'DELETE_ONLY' };
const { ctx } = recordedContext({ config });
const api = () => nock(publicOrigin);
const errors = { errors: [{ type: 'error', message: 'No.' }] };

/** What is said of a regulation that failed, by these entries for destinations. */
async function failed(...destinationStatus: readonly object[]) {
  const regulation = { id: 'r1', overallStatus: 'FAILED', streamStatus: [{ id: 's1', destinationStatus }] };
  api().get('/regulations/r1').reply(200, { data: { regulation } });
  return deletion.status('r1', ctx);
}

describe('an entry that reads like a store of Segment’s own', () => {
  const entry = { id: 'd1', name: 'Segment', status: 'FAILED' };

  test.each([
    ['a destination that somebody called so, where Segment lists it', 200, 'completed_with_exceptions'],
    ['the store, where Segment does not', 404, 'failed'],
  ])('is %s', async (_, status, state) => {
    api().get('/destinations/d1').reply(status, errors);
    const { state: found, exceptions } = await failed(entry);
    expect(found).toBe(state);
    expect(exceptions).toContainEqual({ id: 'd1', system: 'Segment', reason: expect.any(String) });
  });

  test('is looked up once, and no other entry is', async () => {
    api().get('/destinations/d1').once().reply(200, {});
    const others = [{ id: 'd2', name: 'Amplitude' }, { name: 'Segment' }].map((one) => ({
      ...one,
      status: 'FINISHED',
    }));
    expect(await failed(...others, entry, entry)).toMatchObject({ state: 'completed_with_exceptions' });
  });

  test('that cannot be looked up leaves it open what the regulation did', async () => {
    api().get('/destinations/d1').reply(403, errors);
    await expect(failed(entry)).rejects.toMatchObject({ code: 'PERMISSION_MISSING' });
  });
});

const operation = {
  subjects: [{ id: 's', identifiers: [{ kind: 'user_id', value: 'u1' }] }],
  identifierCount: 1,
  bytes: 100,
};
const IN_FLIGHT_MS = inFlightMs(ownManifest());
const iso = (at: number) => new Date(at).toISOString();
const page = (regulations: readonly object[], next?: string) => ({ data: { regulations, pagination: { next } } });

describe('where the list of regulations', () => {
  const reconciling = () => deletion.reconcile(operation, iso(NOW), ctx);
  const answer = (status: number) => api().get('/regulations').query(true).reply(status, errors);

  test.each([
    [404, 'lists no requests'],
    [405, 'lists no requests'],
    [400, 'read to the end'],
  ])('is answered with HTTP %i a person has to look, and reads why', async (status, why) => {
    answer(status);
    expect(await reconciling()).toMatchObject({
      found: 'undecidable',
      fault: { code: 'SUBMISSION_UNCERTAIN', message: expect.stringContaining(why) },
    });
  });

  test('may not be read, that is the fault', async () => {
    answer(403);
    await expect(reconciling()).rejects.toMatchObject({ code: 'PERMISSION_MISSING' });
  });
});

describe('a call reads the list', () => {
  /** What two calls answer where each page takes this long. */
  async function twice(pageMs: number) {
    const { ctx: slow } = recordedContext({ config, pace: () => slow.clock.sleep(pageMs) });
    const list = (cursor?: string) => ({ 'pagination.count': '200', ...(cursor && { 'pagination.cursor': cursor }) });
    api().get('/regulations').query(list()).reply(200, page([], 'c1'));
    api().get('/regulations').query(list('c1')).reply(200, page([]));
    const attemptedAt = iso(NOW - IN_FLIGHT_MS);
    const first = await deletion.reconcile(operation, attemptedAt, slow);
    if (first.found !== 'not-yet') return [first.found];
    const { progress } = first;
    return [first.found, (await deletion.reconcile(operation, attemptedAt, slow, [], progress)).found];
  }

  test('for two minutes, and the next one goes on from there', async () => {
    expect(await twice(120_000)).toEqual(['absent']);
    expect(await twice(120_001)).toEqual(['not-yet', 'absent']);
  });
});

describe('a Segment whose clock is', () => {
  const hour = 3_600_000;
  const made = {
    id: 'r1',
    regulationType: 'DELETE_ONLY',
    subjects: ['u1'],
    createdAt: iso(NOW - IN_FLIGHT_MS - 24 * hour),
  };

  test.each<[string, number, string, readonly object[], number]>([
    ['less than a day behind proves by its list that there is none', 23, 'absent', [], IN_FLIGHT_MS],
    ['more than a day behind proves nothing by it', 25, 'undecidable', [], IN_FLIGHT_MS],
    ['more than a day behind may still take it', 25, 'not-yet', [], IN_FLIGHT_MS - 1],
    ['more than a day behind has what its list shows', 25, 'accepted', [made], IN_FLIGHT_MS],
  ])('%s', async (_, hoursBehind, found, regulations, agoMs) => {
    const date = new Date(NOW - hoursBehind * hour).toUTCString();
    api().get('/regulations').query(true).reply(200, page(regulations), { date });
    expect(await deletion.reconcile(operation, iso(NOW - agoMs), ctx)).toMatchObject({ found });
  });
});
