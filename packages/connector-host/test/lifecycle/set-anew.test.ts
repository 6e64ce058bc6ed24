/** A connection is set anew between planning and sending: what goes out is what it is set to send by then. */
import { afterEach, expect, test } from '@jest/globals';
import { fault } from './scripted-vendor.js';
import { days, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

/** Plans ada's e-mail address and id, or one of them, and sends what is planned once another setting holds. */
async function plannedThenSent(before: string, after: string) {
  stage = await Stage.open({ config: { send: before } });
  const kind = (name: string, more: object) => {
    const sentWhen = { field: 'send', in: ['both', name] };
    return { kind: name, label: name, help: name, required: false, sentWhen, ...more };
  };
  const kinds = [kind('email', {}), kind('user_id', { knownBy: true })];
  Object.assign(stage.vendor.manifest, { identities: { kinds, atLeast: 1 } });
  stage.vendor.plan = async (subjects, { send }) => {
    const sent = subjects.map(({ id, identifiers }) => ({
      id,
      identifiers: identifiers.filter((one) => send === 'both' || one.kind === send),
    }));
    const rejected = sent
      .filter(({ identifiers }) => identifiers.length === 0)
      .map(({ id }) => ({ subjectId: id, fault: fault('IDENTIFIER_MISSING', 'There is none that is sent.') }));
    const people = sent.filter(({ identifiers }) => identifiers.length > 0);
    const identifierCount = people.reduce((sum, one) => sum + one.identifiers.length, 0);
    return { operations: people.length === 0 ? [] : [{ subjects: people, identifierCount, bytes: 10 }], rejected };
  };
  stage.vendor.troubles.push({ fault: fault('UNAUTHENTICATED', 'Revoked.') });
  await stage.addPeople({ ada: ['ada@example.com', 'u1'], bob: ['bob@example.com'] });
  await stage.pass(minutes);
  expect(stage.vendor.records.size).toBe(0);
  stage.connections.config = { send: after };
  await stage.connections.setState('c1', 'active');
  await stage.lifecycle.resume('c1');
  await stage.pass(5 * minutes);
  stage.vendor.finishAll('completed');
  await stage.pass(days);
  const sent = [...stage.vendor.records.values()].flatMap(({ values }) => values).sort();
  return { sent, ada: (await stage.request('ada')).state, bob: await stage.task('bob') };
}

test('an identifier that was kept back when people were planned, and is sent by now, is sent', async () => {
  const { sent, ada } = await plannedThenSent('email', 'both');
  expect(sent).toEqual(['ada@example.com', 'bob@example.com', 'u1']);
  expect(ada).toBe('complete');
});

test('one that is kept back by now is not sent, and whoever has no other is told of', async () => {
  const { sent, ada, bob } = await plannedThenSent('both', 'user_id');
  expect(sent).toEqual(['u1']);
  expect(ada).toBe('complete');
  expect(bob).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_MISSING' } });
});
