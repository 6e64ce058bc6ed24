import { arrayOf, type Exchange, objectOf } from '../exchange.js';
import { dateForm } from '../transcript.js';
import { type Assumption, askedFor, everyCase, isSuccess, mayAsk, type Verdict } from './assumption.js';
import { dataOf, isText, itemsOf } from './public-answers.js';

/** A regulation that Segment was sure to refuse: of a kind of subject that there is not, or about nobody. */
const probes = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  askedFor(exchanges, 'POST /regulations').filter(({ requestBody }) => {
    const { subjectType, subjectIds } = objectOf(requestBody);
    return !['USER_ID', 'OBJECT_ID'].includes(String(subjectType)) || arrayOf(subjectIds).length === 0;
  });
const creates = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  askedFor(exchanges, 'POST /regulations').filter((exchange) => !probes([exchange]).includes(exchange));
const made = (exchanges: readonly Exchange[]): readonly Exchange[] => creates(exchanges).filter(isSuccess);
const idOf = (create: Exchange): unknown => dataOf(create)['regulateId'];

const listed = (exchanges: readonly Exchange[]) => itemsOf(exchanges, 'GET /regulations', 'regulations');
const KNOWN_STATUSES = ['INITIALIZED', 'RUNNING', 'FINISHED', 'PARTIAL_SUCCESS', 'FAILED', 'INVALID', 'NOT_SUPPORTED'];

const readBack = (exchanges: readonly Exchange[]) =>
  askedFor(exchanges, 'GET /regulations/{id}', 'success').map((exchange) => objectOf(dataOf(exchange)['regulation']));

function inOrder(exchange: Exchange): boolean {
  const times = arrayOf(dataOf(exchange)['regulations']).map((one) => Date.parse(String(objectOf(one)['createdAt'])));
  return times.every((time, position) => position === 0 || time <= (times[position - 1] ?? 0));
}

function quotaVerdict(exchanges: readonly Exchange[], name: string, form: ReturnType<typeof dateForm>): Verdict {
  return everyCase(made(exchanges), ({ headers }) => dateForm(headers[name] ?? '') === form);
}

const DAYS_90_MS = 90 * 24 * 60 * 60 * 1_000;

/** What is taken for granted about regulations in the Public API. */
export const PUBLIC_REGULATION_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'public-probe',
    says: 'A regulation that no reading of the schema can accept is refused with 422 where the token may make regulations.',
    judge: (exchanges) => everyCase(probes(exchanges).filter(mayAsk), ({ status }) => status === 422),
  },
  {
    id: 'public-unknown-regulation',
    says: 'A regulation that is not there is a 404.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, 'GET /regulations/{id}').filter(
          (exchange) => exchange.path.endsWith('/no-such-regulation') && mayAsk(exchange),
        ),
        ({ status }) => status === 404,
      ),
  },
  {
    id: 'public-list-fields',
    says: 'The list of regulations tells of each its id, type, creation and subjects.',
    judge: (exchanges) =>
      everyCase(
        listed(exchanges),
        ({ id, regulationType, createdAt, subjects }) =>
          isText(id) &&
          isText(regulationType) &&
          dateForm(String(createdAt)) === 'an ISO 8601 date' &&
          Array.isArray(subjects),
      ),
  },
  {
    id: 'public-list-order',
    says: 'The list of regulations begins with the newest.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, 'GET /regulations', 'success').filter(
          (exchange) => arrayOf(dataOf(exchange)['regulations']).length > 1,
        ),
        inOrder,
      ),
  },
  {
    id: 'public-list-90-days',
    says: 'The list of regulations holds none that is older than 90 days.',
    judge: (exchanges) =>
      everyCase(
        listed(exchanges),
        ({ createdAt }) => Date.now() - Date.parse(String(createdAt)) <= DAYS_90_MS + 86_400_000,
      ),
  },
  {
    id: 'public-statuses',
    says: 'The status of a regulation, and of each destination in it, is one of the seven that are published.',
    judge: (exchanges) =>
      everyCase(
        [
          ...listed(exchanges).map(({ status }) => status),
          ...readBack(exchanges).flatMap(({ overallStatus, streamStatus }) => [
            overallStatus,
            ...arrayOf(streamStatus).flatMap((stream) =>
              arrayOf(objectOf(stream)['destinationStatus']).map((one) => objectOf(one)['status']),
            ),
          ]),
        ],
        (status) => KNOWN_STATUSES.includes(String(status)),
      ),
  },
  {
    id: 'public-create',
    says: 'A regulation that is made is answered with its regulateId.',
    judge: (exchanges) => everyCase(creates(exchanges), (exchange) => isSuccess(exchange) && isText(idOf(exchange))),
  },
  {
    id: 'public-created-is-listed',
    says: 'A regulation is in the list right after it was made, with the very subjects that were sent.',
    judge: (exchanges) =>
      everyCase(made(exchanges), (create) => {
        const later = exchanges.slice(exchanges.indexOf(create));
        const found = listed(later).find(({ id }) => id === idOf(create));
        return JSON.stringify(found?.['subjects']) === JSON.stringify(objectOf(create.requestBody)['subjectIds']);
      }),
  },
  {
    id: 'public-created-is-readable',
    says: 'A regulation can be read by its id right after it was made.',
    judge: (exchanges) =>
      everyCase(made(exchanges), (create) => readBack(exchanges).some(({ id }) => id === idOf(create))),
  },
  {
    id: 'public-quota-headers',
    says: 'A create tells the regulation quota by X-RateLimit-Reset, the first of the next month as a date of RFC 5322.',
    judge: (exchanges) => quotaVerdict(exchanges, 'x-ratelimit-reset', 'an RFC 5322 date'),
  },
  {
    id: 'public-quota-headers-second-spelling',
    says: 'A create tells the regulation quota by X-Regulation-RateLimit-Quota-Reset, a date of ISO 8601.',
    judge: (exchanges) => quotaVerdict(exchanges, 'x-regulation-ratelimit-quota-reset', 'an ISO 8601 date'),
  },
];
