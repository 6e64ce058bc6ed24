import { expect, test } from '@jest/globals';
import { headline } from '../../src/cli/commands/detect.js';
import { requestText } from '../../src/cli/commands/request-text.js';
import type { OperationView } from '../../src/reading/operation-view.js';
import type { RequestDetail, TaskView } from '../../src/reading/views.js';

const at = '2026-06-01T00:00:00.000Z';
const carrier = { connection: 'c1', state: 'completed', subjects: 1, identifiers: 1, destinations: [], exceptions: [] };
const operations = [
  { ...carrier, id: 5, state: 'divided' },
  { ...carrier, id: 9, parent: 5, state: 'divided' },
  { ...carrier, id: 13, parent: 9 },
] as unknown as OperationView[];
const request = {
  requestId: 'r-1',
  right: 'deletion',
  state: 'complete',
  receivedAt: at,
  dueAt: at,
  jurisdiction: 'gdpr',
  timing: 'on_time',
  openLeftovers: 0,
  leftovers: [],
  leftoversRecorded: true,
  timeline: [],
  operations,
} as unknown as RequestDetail;

test.each([
  ['the operation that it was put into', 13, 'operation 13'],
  ['the part that the person is in, where that was divided', 5, 'operation 13'],
  ['none before there is one', undefined, 'complete'],
])('a task names %s', (_what, operation, expected) => {
  const task = { connection: 'c1', state: 'complete', slow: false, ...(operation && { operation }) } as TaskView;
  const line = requestText({ ...request, tasks: [task] }, new Map([['c1', 'Demo']])).split('\n')[2];
  expect(line).toMatch(new RegExp(`^  Demo: .*${expected}$`));
});

test.each([
  [{ reached: 2, needYou: 1, unknown: 0, total: 6 }, 'reaches 2 of 6 systems; 1 needs you, 3 are decided about.'],
  [{ reached: 0, needYou: 0, unknown: 1, total: 1 }, 'reaches 0 of 1 system; 0 need you, 1 is not known.'],
])('the headline of a detection leaves no system out', (figures, expected) => {
  expect(headline(figures)).toBe(`A deletion ${expected}`);
});
