/** What is known of systems holds for deletions that were sent under the settings that the systems were looked through under. */
import { afterEach, expect, test } from '@jest/globals';
import type { ConnectorConfig } from 'connector-contract';
import { detections, leftovers } from '../../src/store/schema.js';
import { days, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

const sent = { type: 'whole', behavior: 'wait-for-completion' };

/** Erases somebody under {@link sent} after looks under these settings, the newest last; answers what is left over. */
async function left(...looks: readonly (ConnectorConfig | null)[]): Promise<string[]> {
  stage = await Stage.open({ config: sent });
  Object.assign(stage.vendor.manifest, { systemDetection: { cadenceHours: 24 } });
  for (const settings of looks) {
    const look = { connection: 'c1', trigger: 'manual', state: 'complete', finishedAt: new Date(stage.clock.now()) };
    await stage.db.orm.insert(detections).values({ ...look, settings });
  }
  await stage.db.orm.insert(detections).values({ connection: 'c1', trigger: 'manual', state: 'failed' });
  await stage.addPeople({ ada: ['1'] });
  await stage.pass(minutes);
  stage.vendor.finishAll('completed');
  await stage.pass(days);
  expect(await stage.task('ada')).toMatchObject({ state: 'complete' });
  const rows = await stage.db.orm.select().from(leftovers);
  for (const { reason } of rows) expect(reason).toContain('under the settings that this was sent under');
  return rows.map(({ system, code, state }) => `${system}|${code}|${state}`);
}

test.each<[string, readonly (ConnectorConfig | null)[]]>([
  ['never', []],
  ['last under other settings', [{ type: 'whole' }, { type: 'part' }]],
  ['under settings that were not kept', [null]],
  ['before there was a setting', [{}]],
])('where they were looked through %s, it is left over that nobody knows', async (_, looks) => {
  expect(await left(...looks)).toEqual(['|COVERAGE_UNKNOWN|open']);
});

test('where they were last looked through under the same, whenever deletions count as complete, nothing is', async () => {
  expect(await left({ type: 'part' }, { type: 'whole' })).toEqual([]);
});
