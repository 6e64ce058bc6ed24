import { arrayOf, type Exchange, objectOf } from '../exchange.js';
import { dateForm } from '../transcript.js';
import { type Assumption, askedFor, everyCase, isSuccess } from './assumption.js';
import { dataOf, isText, itemsOf, ofPublicApi } from './public-answers.js';

const errorsOf = ({ body }: Exchange): readonly unknown[] => arrayOf(objectOf(body)['errors']);
const LISTS = ['sources', 'destinations', 'warehouses', 'regulations', 'functions', 'spaces', 'reverse-etl-models'];
const pagesOf = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  LISTS.flatMap((list) => askedFor(exchanges, `GET /${list}`, 'success'));

/** What is taken for granted about the Public API's answers, and its lists of what a workspace has. */
export const PUBLIC_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'public-workspace',
    says: 'GET / tells the id, slug and name of the workspace that the token belongs to.',
    judge: (exchanges) =>
      everyCase(askedFor(exchanges, 'GET /', 'success'), (exchange) => {
        const { id, slug, name } = objectOf(dataOf(exchange)['workspace']);
        return isText(id) && isText(slug) && isText(name);
      }),
  },
  {
    id: 'public-envelope',
    says: 'An answer is JSON and holds either data or errors, never both.',
    judge: (exchanges) =>
      everyCase(ofPublicApi(exchanges), (exchange) => {
        const body = objectOf(exchange.body);
        return isSuccess(exchange) ? 'data' in body && !('errors' in body) : 'errors' in body && !('data' in body);
      }),
  },
  {
    id: 'public-error-type',
    says: 'Each error of a refusal has a type and a message.',
    judge: (exchanges) =>
      everyCase(
        ofPublicApi(exchanges)
          .filter((exchange) => !isSuccess(exchange))
          .flatMap(errorsOf)
          .map(objectOf),
        ({ type, message }) => isText(type) && isText(message),
      ),
  },
  {
    id: 'public-page-size',
    says: 'A list takes pagination.count in dotted spelling and gives no more than was asked for.',
    judge: (exchanges) =>
      everyCase(pagesOf(exchanges), (exchange) => {
        const asked = Number(exchange.query.find(([name]) => name === 'pagination.count')?.[1]);
        const [longest = 0] = Object.values(dataOf(exchange))
          .map((value) => arrayOf(value).length)
          .sort((a, b) => b - a);
        return asked > 0 && longest <= asked;
      }),
  },
  {
    id: 'public-page-end',
    says: 'At the end of a list pagination.next is null or absent, before the end it is an opaque text.',
    judge: (exchanges) =>
      everyCase(pagesOf(exchanges), (exchange) => {
        const { next } = objectOf(dataOf(exchange)['pagination']);
        return next === undefined || next === null || isText(next);
      }),
  },
  {
    id: 'public-sources',
    says: 'A source has id, slug, enabled, and the slug, categories and status of its product.',
    judge: (exchanges) =>
      everyCase(itemsOf(exchanges, 'GET /sources', 'sources'), ({ id, slug, enabled, metadata }) => {
        const product = objectOf(metadata);
        return (
          isText(id) &&
          isText(slug) &&
          typeof enabled === 'boolean' &&
          isText(product['slug']) &&
          Array.isArray(product['categories']) &&
          isText(product['status'])
        );
      }),
  },
  {
    id: 'public-destinations',
    says: 'A destination has id, enabled, sourceId, and the slug, name and status of its product.',
    judge: (exchanges) =>
      everyCase(itemsOf(exchanges, 'GET /destinations', 'destinations'), ({ id, enabled, sourceId, metadata }) => {
        const product = objectOf(metadata);
        return (
          isText(id) &&
          typeof enabled === 'boolean' &&
          isText(sourceId) &&
          isText(product['slug']) &&
          isText(product['name']) &&
          isText(product['status'])
        );
      }),
  },
  {
    id: 'public-components',
    says: 'The product of a destination lists its components, each of type BROWSER, IOS, ANDROID or SERVER, and its platforms.',
    judge: (exchanges) =>
      everyCase(itemsOf(exchanges, 'GET /destinations', 'destinations'), ({ metadata }) => {
        const { components, supportedPlatforms } = objectOf(metadata);
        const types = arrayOf(components).map((one) => String(objectOf(one)['type']));
        return (
          Array.isArray(components) &&
          Object.keys(objectOf(supportedPlatforms)).length > 0 &&
          types.every((type) => ['BROWSER', 'IOS', 'ANDROID', 'SERVER'].includes(type))
        );
      }),
  },
  {
    id: 'public-warehouses',
    says: 'A warehouse has id, enabled, settings, and the slug of its product.',
    judge: (exchanges) =>
      everyCase(
        itemsOf(exchanges, 'GET /warehouses', 'warehouses'),
        ({ id, enabled, settings, metadata }) =>
          isText(id) &&
          typeof enabled === 'boolean' &&
          typeof settings === 'object' &&
          isText(objectOf(metadata)['slug']),
      ),
  },
  {
    id: 'public-connected-sources',
    says: 'GET /warehouses/{id}/connected-sources lists the sources that load into a warehouse.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, 'GET /warehouses/{id}/connected-sources'),
        (exchange) => isSuccess(exchange) && Array.isArray(dataOf(exchange)['sources']),
      ),
  },
  {
    id: 'public-functions',
    says: 'GET /functions lists the functions of one resourceType, each with an id and a displayName.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, 'GET /functions', 'success'),
        (exchange) =>
          arrayOf(dataOf(exchange)['functions'])
            .map(objectOf)
            .every(({ id, displayName }) => isText(id) && isText(displayName)) &&
          Array.isArray(dataOf(exchange)['functions']),
      ),
  },
  {
    id: 'public-models',
    says: 'GET /reverse-etl-models lists models, each with an id, a name and a sourceId.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, 'GET /reverse-etl-models', 'success'),
        (exchange) =>
          Array.isArray(dataOf(exchange)['models']) &&
          arrayOf(dataOf(exchange)['models'])
            .map(objectOf)
            .every(({ id, name, sourceId }) => isText(id) && isText(name) && isText(sourceId)),
      ),
  },
  {
    id: 'public-spaces',
    says: 'GET /spaces lists spaces, each with an id and a name.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, 'GET /spaces', 'success'),
        (exchange) =>
          Array.isArray(dataOf(exchange)['spaces']) &&
          arrayOf(dataOf(exchange)['spaces'])
            .map(objectOf)
            .every(({ id, name }) => isText(id) && isText(name)),
      ),
  },
  {
    id: 'public-profiles-warehouses',
    says: 'GET /spaces/{id}/profiles-warehouses lists the warehouses of Profiles Sync by their id among the warehouses.',
    judge: (exchanges) => {
      const ids = new Set(itemsOf(exchanges, 'GET /warehouses', 'warehouses').map(({ id }) => id));
      return everyCase(askedFor(exchanges, 'GET /spaces/{id}/profiles-warehouses', 'success'), (exchange) => {
        const { profilesWarehouses } = dataOf(exchange);
        return (
          Array.isArray(profilesWarehouses) &&
          profilesWarehouses.map(objectOf).every(({ id }) => ids.size === 0 || ids.has(id))
        );
      });
    },
  },
  {
    id: 'public-window-headers',
    says: 'A read tells by X-RateLimit-Remaining and X-RateLimit-Reset (a date of RFC 5322) how the request window stands.',
    judge: (exchanges) =>
      everyCase(
        ofPublicApi(exchanges).filter((exchange) => exchange.method === 'GET' && isSuccess(exchange)),
        ({ headers }) =>
          /^\d+$/.test(headers['x-ratelimit-remaining'] ?? '') &&
          dateForm(headers['x-ratelimit-reset'] ?? '') === 'an RFC 5322 date',
      ),
  },
];
