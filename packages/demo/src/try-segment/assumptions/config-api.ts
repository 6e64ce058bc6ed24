import { arrayOf, type Exchange, objectOf, routeOf } from '../exchange.js';
import { type Assumption, askedFor, everyCase, isConfigCall, isSuccess, mayAsk } from './assumption.js';

const text = (value: unknown): boolean => typeof value === 'string' && value !== '';
const WORKSPACE = 'GET /v1beta/workspaces/{id}';
const REGULATIONS = '/v1beta/workspaces/{id}/regulations';

const valuesOf = ({ requestBody }: Exchange): readonly unknown[] =>
  arrayOf(objectOf(objectOf(requestBody)['attributes'])['values']);
const nameOf = ({ requestBody }: Exchange): unknown => objectOf(objectOf(requestBody)['attributes'])['name'];
const isProbe = (exchange: Exchange): boolean => nameOf(exchange) !== 'userId' || valuesOf(exchange).length === 0;
const posts = (exchanges: readonly Exchange[]): readonly Exchange[] => askedFor(exchanges, `POST ${REGULATIONS}`);
const creates = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  posts(exchanges).filter((one) => !isProbe(one));
const readBack = (exchanges: readonly Exchange[]) =>
  askedFor(exchanges, `GET ${REGULATIONS}/{id}`, 'success').map(({ body }) =>
    objectOf(objectOf(body)['regulation'] ?? body),
  );
const pages = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  exchanges.filter(
    (exchange) =>
      isConfigCall(exchange) && isSuccess(exchange) && /\/(?:sources|destinations|workspaces)$/.test(routeOf(exchange)),
  );

/** What is taken for granted about the Config API. */
export const CONFIG_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'config-workspace',
    says: 'A workspace tells its resource name, display name and id.',
    judge: (exchanges) =>
      everyCase(askedFor(exchanges, WORKSPACE, 'success'), ({ body }) => {
        const { name, display_name: display, id } = objectOf(body);
        return /^workspaces\/./.test(String(name)) && text(display) && text(id);
      }),
  },
  {
    id: 'config-page-end',
    says: 'The end of a list is an empty next_page_token.',
    judge: (exchanges) =>
      everyCase(pages(exchanges), ({ body }) => typeof objectOf(body)['next_page_token'] === 'string'),
  },
  {
    id: 'config-sources',
    says: 'A source tells its resource name and the name of its product in the catalogue.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, `${WORKSPACE}/sources`, 'success').flatMap(({ body }) =>
          arrayOf(objectOf(body)['sources']).map(objectOf),
        ),
        ({ name, catalog_name: product }) => text(name) && /^catalog\/sources\/./.test(String(product)),
      ),
  },
  {
    id: 'config-destinations',
    says: 'A destination tells its resource name, whether it is enabled, its connection mode and its config as a list.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, `${WORKSPACE}/sources/{id}/destinations`, 'success').flatMap(({ body }) =>
          arrayOf(objectOf(body)['destinations']).map(objectOf),
        ),
        ({ name, enabled, connection_mode: mode, config }) =>
          text(name) && typeof enabled === 'boolean' && text(mode) && Array.isArray(config),
      ),
  },
  {
    id: 'config-errors',
    says: 'An error body is JSON with error and a numeric code.',
    judge: (exchanges) =>
      everyCase(
        exchanges.filter((exchange) => isConfigCall(exchange) && exchange.status >= 400 && exchange.status < 500),
        ({ body }) => text(objectOf(body)['error']) && typeof objectOf(body)['code'] === 'number',
      ),
  },
  {
    id: 'config-probe',
    says: 'A regulation that cannot be accepted is refused with 400 and code 3 where the token may make regulations.',
    judge: (exchanges) => everyCase(posts(exchanges).filter(isProbe).filter(mayAsk), ({ status }) => status === 400),
  },
  {
    id: 'config-unknown-regulation',
    says: 'A regulation that is not there is a 404.',
    judge: (exchanges) =>
      everyCase(
        askedFor(exchanges, `GET ${REGULATIONS}/{id}`).filter(
          (exchange) => exchange.path.endsWith('/no-such-regulation') && mayAsk(exchange),
        ),
        ({ status }) => status === 404,
      ),
  },
  {
    id: 'config-no-list',
    says: 'The list of regulations is gone: 404 or 501.',
    judge: (exchanges) =>
      everyCase(askedFor(exchanges, `GET ${REGULATIONS}`), ({ status }) => status === 404 || status === 501),
  },
  {
    id: 'config-create',
    says: 'A regulation that is made is answered with its regulate_id, a text or a number.',
    judge: (exchanges) =>
      everyCase(
        creates(exchanges),
        (exchange) =>
          isSuccess(exchange) && ['string', 'number'].includes(typeof objectOf(exchange.body)['regulate_id']),
      ),
  },
  {
    id: 'config-regulation-body',
    says: 'A regulation is read back in snake_case, with overall_status and stream_status.',
    judge: (exchanges) =>
      everyCase(readBack(exchanges), (one) => text(one['overall_status']) && Array.isArray(one['stream_status'])),
  },
];
