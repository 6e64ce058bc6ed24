import { describe, expect, test } from '@jest/globals';
import { isFinal } from 'connector-contract';
import { operationStatus } from '../../src/deletion/outcome.js';
import type { DestinationStatus, RegulationRecord } from '../../src/segment/segment.js';

const destination = (name: string, status: string, error?: string): DestinationStatus => ({
  id: `id-${name}`,
  name,
  status,
  ...(error === undefined ? {} : { error }),
});
const regulation = (overallStatus: string, ...destinations: DestinationStatus[]): RegulationRecord => ({
  overallStatus,
  createdAt: '2026-03-02T08:00:00Z',
  finishedAt: '2026-03-04T09:00:00Z',
  destinations,
});

const amplitude = (status: string) => destination('Amplitude', status);
const own = (status: string) => destination('Segment', status);
const facebook = (status: string) => destination('Facebook Pixel', status);

describe('the state of an operation', () => {
  test.each([
    ['INITIALIZED', [], 'accepted'],
    ['RUNNING', [], 'processing'],
    ['FINISHED', [amplitude('FINISHED')], 'completed'],
    ['PARTIAL_SUCCESS', [own('FINISHED'), facebook('NOT_SUPPORTED')], 'completed_with_exceptions'],
    ['PARTIAL_SUCCESS', [], 'completed_with_exceptions'],
    ['PARTIAL_SUCCESS', [own('FAILED'), amplitude('FINISHED')], 'failed'],
    ['FINISHED', [own('FAILED'), amplitude('FINISHED')], 'failed'],
    ['FINISHED', [own('NOT_GIVEN'), amplitude('FINISHED')], 'completed_with_exceptions'],
    ['FINISHED', [own('FINISHED'), amplitude('FAILED')], 'completed_with_exceptions'],
    ['FINISHED', [own('FINISHED'), facebook('NOT_SUPPORTED')], 'completed_with_exceptions'],
    ['NOT_SUPPORTED', [], 'failed'],
    ['INVALID', [own('INVALID')], 'failed'],
    ['SOMETHING_NEW', [amplitude('FINISHED')], 'processing'],
  ])('%s with %j is %s', (overall, destinations, state) => {
    expect(operationStatus(regulation(overall, ...destinations))).toMatchObject({ state, vendorState: overall });
  });

  test.each<[string, DestinationStatus[], string]>([
    [
      'only an unsupported destination failed',
      [own('FINISHED'), amplitude('FINISHED'), facebook('FAILED')],
      'completed_with_exceptions',
    ],
    [
      'only an unsupported destination is invalid',
      [amplitude('FINISHED'), facebook('INVALID')],
      'completed_with_exceptions',
    ],
    [
      'a destination says that it is not supported',
      [amplitude('FINISHED'), facebook('NOT_SUPPORTED')],
      'completed_with_exceptions',
    ],
    [
      'a listed one says itself that it is not supported',
      [own('FINISHED'), amplitude('NOT_SUPPORTED')],
      'completed_with_exceptions',
    ],
    ['a supported destination failed', [own('FINISHED'), amplitude('FAILED')], 'failed'],
    ['a supported destination is invalid', [own('FINISHED'), amplitude('INVALID'), facebook('FAILED')], 'failed'],
    ['a supported one failed beside an unsupported one', [amplitude('FAILED'), facebook('FAILED')], 'failed'],
    ['a supported one has not finished', [amplitude('RUNNING'), facebook('FAILED')], 'failed'],
    ['a supported one has a status nobody knows', [amplitude('ODD'), facebook('FAILED')], 'failed'],
    ["Segment's own store failed", [own('FAILED'), amplitude('FINISHED'), facebook('FAILED')], 'failed'],
    ['everything named finished', [own('FINISHED'), amplitude('FINISHED')], 'failed'],
    ['only unsupported ones are still pending', [amplitude('FINISHED'), facebook('RUNNING')], 'failed'],
    ['nothing is named', [], 'failed'],
    ['a slug stands for the name', [destination('actions-braze-cloud', 'FAILED'), facebook('FAILED')], 'failed'],
    ['a destination with a handler failed', [destination('Klaviyo (Actions)', 'FAILED'), facebook('FAILED')], 'failed'],
    ["Segment's own destination failed", [destination('Segment Profiles', 'FAILED')], 'completed_with_exceptions'],
    [
      "an instance that begins with Segment's name failed",
      [destination('Segment CRM', 'FAILED')],
      'completed_with_exceptions',
    ],
    ['a warehouse failed', [destination('Snowflake', 'FAILED'), facebook('FAILED')], 'failed'],
  ])('FAILED where %s', (_, destinations, state) => {
    const status = operationStatus(regulation('FAILED', ...destinations));
    expect(status.state).toBe(state);
    expect(status.exceptions.length).toBeGreaterThan(0);
  });

  test('FAILED too early, with supported destinations at work and no end given, is followed further', () => {
    const { finishedAt: _, ...open } = regulation('FAILED', amplitude('RUNNING'), facebook('FAILED'));
    expect(operationStatus(open).state).toBe('processing');
  });

  test('tells when it is expected and when it was finished, in ISO 8601, and nothing where a time cannot be read', () => {
    const status = operationStatus(regulation('FINISHED'));
    expect(status).toMatchObject({ expectedBy: '2026-04-01T08:00:00.000Z', finishedAt: '2026-03-04T09:00:00.000Z' });
    const odd = operationStatus({ ...regulation('RUNNING'), createdAt: 'yesterday', finishedAt: '' });
    expect(odd).not.toHaveProperty('expectedBy');
    expect(odd).not.toHaveProperty('finishedAt');
  });

  test('exceptions name each system that did not finish and why, once', () => {
    const failed = destination('Facebook Pixel', 'FAILED', 'destination does not support deletion');
    const { exceptions } = operationStatus(regulation('FAILED', amplitude('FINISHED'), failed, failed));
    expect(exceptions).toEqual([
      {
        id: 'id-Facebook Pixel',
        system: 'Facebook Pixel',
        reason:
          'The deletion did not succeed here (FAILED), and whether this destination takes deletions is not known. Check its credentials in Segment where it does; erase the person there by other means where it does not. Segment says: destination does not support deletion',
      },
    ]);
  });

  test('two destinations of one product are two exceptions, each with its id', () => {
    const two = ['d1', 'd2'].map((id) => ({ ...amplitude('FAILED'), id }));
    const { exceptions } = operationStatus(regulation('FAILED', ...two));
    expect(exceptions.map(({ id, system }) => [id, system])).toEqual([
      ['d1', 'Amplitude'],
      ['d2', 'Amplitude'],
    ]);
  });

  test('a failure that a credential may mend does not read as if nothing could be done', () => {
    const reason = (name: string, status = 'FAILED') =>
      operationStatus(regulation('FAILED', destination(name, status))).exceptions.find(({ system }) => system === name)
        ?.reason;
    expect(reason('Klaviyo (Actions)')).toMatch(/^The deletion did not succeed here \(FAILED\)\.$/);
    expect(reason('Unheard Of')).toMatch(/Check its credentials in Segment where it does/);
    expect(reason('Unheard Of', 'NOT_SUPPORTED')).toMatch(/takes no deletions/);
    expect(reason('Segment Connections')).toMatch(/takes no deletions/);
  });

  test("a destination that somebody called Segment is not taken for Segment's own store", () => {
    const entries = [own('FAILED'), amplitude('FINISHED')];
    expect(operationStatus(regulation('FAILED', ...entries)).state).toBe('failed');
    const listed = new Set(['id-Segment']);
    expect(operationStatus(regulation('FAILED', ...entries), listed)).toMatchObject({
      state: 'completed_with_exceptions',
      exceptions: [{ system: 'Segment' }],
    });
  });

  test.each(['NO_ACTION', 'NO_ACTION_NEEDED', 'NOTHING_TO_DO'])('%s is nothing to do, and no exception', (word) => {
    const status = operationStatus(regulation('FINISHED', amplitude(word)));
    expect(status).toMatchObject({ state: 'completed', exceptions: [] });
    expect(status.destinations).toMatchObject([
      { state: 'completed', vendorState: word, message: 'Nothing was to be done here.' },
    ]);
    expect(operationStatus(regulation('FAILED', amplitude(word), facebook('FAILED'))).state).toBe(
      'completed_with_exceptions',
    );
  });

  test.each(['NO_ACTIONABLE', 'NOTHINGS', 'TAKES_NO_ACTION', 'DID_NOTHING'])('%s is no word for it', (word) => {
    const [result] = operationStatus(regulation('FINISHED', amplitude(word))).destinations;
    expect(result).toEqual({ id: 'id-Amplitude', name: 'Amplitude', state: 'unknown', vendorState: word });
  });

  test.each<[string, DestinationStatus]>([
    ['in capitals, with spaces around', { id: 'x', name: ' Segment ARCHIVES ', status: 'FAILED' }],
    ['by its id', { id: 'Segment Internal', name: 'A store', status: 'FAILED' }],
    ['without an id', { name: 'segment', status: 'FAILED' }],
  ])("Segment's own store is known %s", (_, store) => {
    expect(operationStatus(regulation('FINISHED', store, amplitude('FINISHED'))).state).toBe('failed');
    const other = { ...store, id: 'y', name: 'Some destination' };
    expect(operationStatus(regulation('FINISHED', other)).state).toBe('completed_with_exceptions');
  });

  test('FAILED too early is final as soon as one of those that count has failed', () => {
    const { finishedAt: _, ...open } = regulation('FAILED', amplitude('RUNNING'), destination('Snowflake', 'FAILED'));
    expect(operationStatus(open).state).toBe('failed');
  });

  test('FAILED is not explained by a destination of which nobody knows what its word means', () => {
    const { state, exceptions } = operationStatus(regulation('FAILED', destination('Unheard Of', 'ODD')));
    expect(state).toBe('failed');
    expect(exceptions.map(({ system }) => system)).toEqual(['Segment', 'Unheard Of']);
  });

  test('partial success is explained by the destinations where they explain it', () => {
    const { exceptions } = operationStatus(regulation('PARTIAL_SUCCESS', facebook('FAILED')));
    expect(exceptions.map(({ system }) => system)).toEqual(['Facebook Pixel']);
  });

  test('what is still at work when the whole has failed was not finished', () => {
    const { exceptions } = operationStatus(regulation('FAILED', amplitude('RUNNING')));
    const reason = 'The deletion was not finished here (RUNNING).';
    expect(exceptions).toEqual([{ id: 'id-Amplitude', system: 'Amplitude', reason }]);
  });

  test('a destination tells when it was done, and has no id where Segment gives none', () => {
    const done = { name: 'Vero', status: 'FINISHED', finishedAt: '2026-03-03T10:00:00Z' };
    expect(operationStatus(regulation('FINISHED', done)).destinations).toEqual([
      { name: 'Vero', state: 'completed', vendorState: 'FINISHED', finishedAt: '2026-03-03T10:00:00.000Z' },
    ]);
  });

  test('what has no explanation by destinations is put down to Segment', () => {
    expect(operationStatus(regulation('FAILED')).exceptions[0]?.system).toBe('Segment');
    expect(operationStatus(regulation('INVALID')).exceptions[0]?.system).toBe('Segment');
    expect(operationStatus(regulation('PARTIAL_SUCCESS')).exceptions[0]?.system).toBe('Segment');
  });

  test.each([
    ['NOT_SUPPORTED', 'does not support this deletion'],
    ['INVALID', 'holds the deletion request for invalid'],
  ])('%s is told in words of its own', (overall, words) => {
    expect(operationStatus(regulation(overall)).exceptions[0]?.reason).toContain(words);
  });

  test('a destination without an id that failed is named', () => {
    const { state, exceptions } = operationStatus(regulation('FAILED', { name: 'Amplitude', status: 'FAILED' }));
    expect(state).toBe('failed');
    expect(exceptions).toEqual([{ system: 'Amplitude', reason: expect.any(String) }]);
  });

  test('each system that did not finish is named', () => {
    const { exceptions } = operationStatus(regulation('FINISHED', facebook('FAILED'), amplitude('FAILED')));
    expect(exceptions.map(({ system }) => system)).toEqual(['Facebook Pixel', 'Amplitude']);
  });

  test('a state that goes on has no exceptions', () => {
    for (const overall of ['INITIALIZED', 'RUNNING', 'ELSE']) {
      const status = operationStatus(regulation(overall, facebook('FAILED')));
      expect(status.exceptions).toEqual([]);
      expect(isFinal(status.state)).toBe(false);
    }
  });

  test('what Segment calls finished names the destination that is not, and nothing where all are', () => {
    const { exceptions } = operationStatus(regulation('FINISHED', amplitude('FINISHED'), facebook('NOT_SUPPORTED')));
    expect(exceptions).toMatchObject([{ system: 'Facebook Pixel' }]);
    expect(operationStatus(regulation('FINISHED', amplitude('FINISHED'))).exceptions).toEqual([]);
  });

  test.each([
    ['INITIALIZED', 'pending'],
    ['RUNNING', 'pending'],
    ['FINISHED', 'completed'],
    ['FAILED', 'failed'],
    ['INVALID', 'failed'],
    ['PARTIAL_SUCCESS', 'failed'],
    ['NOT_SUPPORTED', 'not-supported'],
    ['constructor', 'unknown'],
    ['WHATEVER', 'unknown'],
  ])('a destination that is %s is %s', (status, state) => {
    const [result] = operationStatus(regulation('RUNNING', destination('Vero', status))).destinations;
    expect(result).toEqual({ id: 'id-Vero', name: 'Vero', state, vendorState: status });
  });
});

test("a destination's own words reach the outcome only cleaned", () => {
  const said = destination('Amplitude', 'FAILED', 'canary.person+tag@example.org u_12345 refused');
  const status = operationStatus(regulation('FAILED', said));
  expect(JSON.stringify(status)).not.toMatch(/canary|u_12345/);
  expect(status.destinations[0]?.message).toBe('… refused');
});
