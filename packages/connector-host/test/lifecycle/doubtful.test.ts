/** People who were stored before a rule was known, or who wait for a person's word: nothing of them is sent. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { sealIdentifiers } from '../../src/requests/identifiers.js';
import { connections, requests } from '../../src/store/schema.js';
import { minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

const sent = () => [...stage.vendor.tally().keys()].toSorted();

describe('before people are sent, their identifiers are judged again', () => {
  test('one that cannot be an identifier ends in error, a doubtful one waits, and the others go', async () => {
    stage = await Stage.open();
    await stage.addPeople({
      good: ['u-1'],
      none: ['undefined'],
      unseen: ['u-2\u200b'],
      wrong: ['Ann <ann@example.org>'],
    });
    await stage.pass(minutes);
    expect(sent()).toEqual(['u-1']);
    expect(await stage.task('good')).toMatchObject({ state: 'processing' });
    expect(await stage.task('none')).toMatchObject({ state: 'waiting_for_person', operation: null, fault: null });
    expect(await stage.request('none')).toMatchObject({
      state: 'waiting_for_person',
      doubts: { allowed: false, found: [{ code: 'PLACEHOLDER', field: 'identifiers[0].value' }] },
    });
    for (const requestId of ['unseen', 'wrong']) {
      expect(await stage.task(requestId)).toMatchObject({
        state: 'error',
        fault: { code: 'IDENTIFIER_REFUSED', message: expect.stringContaining('Nothing of the person was sent.') },
      });
    }
    expect(await stage.kinds()).toContain('request.doubtful');
  });

  test('one that waits goes on as soon as a person says that it is meant, and only once', async () => {
    stage = await Stage.open();
    await stage.addPeople({ zero: ['0'] });
    await stage.pass(minutes);
    expect(sent()).toEqual([]);
    await stage.lifecycle.allowDoubtful('zero', { id: 'tok', name: 'Ann', role: 'privacy-manager' });
    await stage.pass(minutes);
    expect(sent()).toEqual(['0']);
    expect(await stage.request('zero')).toMatchObject({ state: 'processing', doubts: { allowed: true } });
    await expect(stage.lifecycle.allowDoubtful('zero')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await expect(stage.lifecycle.allowDoubtful('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('one that waits can be taken back', async () => {
    stage = await Stage.open();
    await stage.addPeople({ zero: ['0'] });
    await stage.pass(minutes);
    await stage.lifecycle.cancel('zero');
    expect(await stage.request('zero')).toMatchObject({ state: 'cancelled' });
    await stage.pass(minutes);
    expect(sent()).toEqual([]);
  });

  test('also in a batch that was planned before and not sent yet: it goes without them', async () => {
    stage = await Stage.open();
    const until = new Date(stage.clock.now() + 60 * minutes);
    await stage.db.orm.update(connections).set({ heldUntil: until, heldCode: 'QUOTA_EXHAUSTED' });
    await stage.addPeople({ good: ['u-1'], none: ['u-2'], wrong: ['u-3'] });
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'planned', subjects: 3 }]);
    const keys = await stage.keyring.people();
    for (const [requestId, value] of [
      ['none', 'NULL'],
      ['wrong', 'u-3\u200b'],
    ] as const) {
      const identifiers = sealIdentifiers(keys, requestId, [{ kind: 'user_id', value }]);
      await stage.db.orm.update(requests).set({ identifiers }).where(eq(requests.requestId, requestId));
    }
    await stage.pass(61 * minutes);
    expect(sent()).toEqual(['u-1']);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', subjects: 1 }]);
    expect(await stage.task('none')).toMatchObject({ state: 'waiting_for_person', operation: null });
    expect(await stage.task('wrong')).toMatchObject({ state: 'error', operation: null });
  });
});
