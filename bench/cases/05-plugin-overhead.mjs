/** Planning and serialising people, against `JSON.stringify` of the same bodies when they are at hand already. */

import { valuesOf } from 'connector-kit';
import { segmentDeletion } from '../../dist/deletion/deletion.js';
import { subjects } from '../people.mjs';
import { interleaved, ratios, seconds, spread } from '../spread.mjs';

export const title = 'Plugin overhead';
export const goal = { name: 'time to plan and serialise, as a multiple of JSON.stringify alone', most: 1.5 };
export const sizes = [10_000, 100_000, 1_000_000];

const { plan } = segmentDeletion();
const config = { subjectIdentifiers: undefined };
const body = (subjectIds) => ({ regulationType: 'SUPPRESS_WITH_DELETE', subjectType: 'USER_ID', subjectIds });

/** What a careful user would write: no value twice, 5,000 a body. */
function byHand(people) {
  const values = [...new Set(people.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)))];
  const texts = [];
  for (let at = 0; at < values.length; at += 5_000) texts.push(JSON.stringify(body(values.slice(at, at + 5_000))));
  return texts;
}

/** The least that reads people at all: their values as they come, 5,000 a body; nothing is checked, weighed or looked up. */
function unchecked(people) {
  const texts = [];
  let values = [];
  for (const { identifiers } of people) {
    for (const { value } of identifiers) {
      values.push(value);
      if (values.length < 5_000) continue;
      texts.push(JSON.stringify(body(values)));
      values = [];
    }
  }
  return values.length > 0 ? [...texts, JSON.stringify(body(values))] : texts;
}

export async function run({ size, repeats, pluginConfig = config }) {
  const people = subjects(0, size);
  const bodies = plan(people, pluginConfig).operations.map((operation) => body(valuesOf(operation)));
  if (bodies.reduce((sum, { subjectIds }) => sum + subjectIds.length, 0) !== size)
    throw new Error('Somebody is missing.');
  const rounds = Math.max(1, Math.round(100_000 / size));
  const timed = (work) =>
    seconds(() => {
      for (let i = 0; i < rounds; i += 1) work();
    });
  // Whoever sends no value twice looks each of them up: this alone, for whole operations.
  const sets = bodies.map(({ subjectIds }) => subjectIds);
  const [ours, bare, hand, set, least] = await interleaved(
    Math.max(repeats, 5),
    () => timed(() => plan(people, pluginConfig).operations.map((one) => JSON.stringify(body(valuesOf(one))))),
    () => timed(() => bodies.map((one) => JSON.stringify(one))),
    () => timed(() => byHand(people)),
    () => timed(() => sets.map((values) => new Set(values).size)),
    () => timed(() => unchecked(people)),
  );
  const micro = (values) => spread(values.map((one) => (one / rounds / size) * 1e6));
  return [
    {
      what: 'plan and serialise',
      size,
      ratio: ratios(ours, bare),
      figures: {
        'ours, microseconds a person': micro(ours),
        'JSON.stringify alone, microseconds a person': micro(bare),
        'by hand with a Set, microseconds a person': micro(hand),
        'a Set of the values and nothing else, as a multiple of JSON.stringify': ratios(set, bare),
        'the values read from the people and serialised, unchecked, as a multiple of JSON.stringify': ratios(
          least,
          bare,
        ),
        'ours, as a multiple of by hand': ratios(ours, hand),
      },
    },
  ];
}
