/** Whether the vendor knows people is judged by the settings under which they are sent, whatever held when they were taken in. */
import { afterEach, expect, test } from '@jest/globals';
import { days, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

/**
 * Sends somebody with an identifier by which the vendor knows people where a setting is on.
 * @param own what was found when they were taken in, or followed since.
 */
async function sentWhile(on: boolean, own: string | null, ended: object | null = null) {
  stage = await Stage.open({ config: { same: on } });
  const kinds = [
    { kind: 'user_id', label: 'User', help: 'User', required: false, equalsKnownByWhen: { field: 'same', in: [true] } },
    { kind: 'member', label: 'Member', help: 'Member', required: false, knownBy: true },
  ];
  Object.assign(stage.vendor.manifest, { identities: { kinds, atLeast: 1 } });
  await stage.addPeople({ ada: ['1'] });
  await stage.db.pool.query('update connector_host.tasks set own_leftover = $1, own_ended = $2', [own, ended]);
  await stage.pass(minutes);
  // What is set after that does not change what was sent.
  stage.connections.config = { same: !on };
  stage.vendor.finishAll('completed');
  await stage.pass(days);
  const { state } = await stage.request('ada');
  return { state, own: (await stage.task('ada')).ownLeftover };
}

const notKnown = { state: 'left_over', own: 'open' };

test('somebody whom nobody knows any more when they are sent is left over', async () => {
  expect(await sentWhile(false, null)).toEqual(notKnown);
});

test('somebody who is known by the time they are sent is not', async () => {
  expect(await sentWhile(true, 'open')).toEqual({ state: 'complete', own: null });
});

test('what followed from settings gives way to those of now, and what a person said does not', async () => {
  const why = 'They hold nothing.';
  expect(await sentWhile(false, 'not_needed', { at: '', why })).toEqual(notKnown);
  await stage.close();
  expect(await sentWhile(false, 'not_needed', { at: '', why, by: 't1' })).toEqual({
    state: 'complete',
    own: 'not_needed',
  });
});
