import { arrayOf, type Exchange, objectOf } from '../exchange.js';
import { askedFor, isConfigCall } from './assumption.js';

/** Whether a value is a text with something in it. */
export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** `data` of an answer. */
export function dataOf({ body }: Exchange): Readonly<Record<string, unknown>> {
  return objectOf(objectOf(body)['data']);
}

/** Calls of the Public API that got an answer which is no trouble of the moment. */
export function ofPublicApi(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.filter(
    (exchange) => !isConfigCall(exchange) && exchange.status > 0 && exchange.status < 500 && exchange.status !== 429,
  );
}

/** The items under `field` in all pages of a route. */
export function itemsOf(
  exchanges: readonly Exchange[],
  route: string,
  field: string,
): readonly Readonly<Record<string, unknown>>[] {
  return askedFor(exchanges, route, 'success').flatMap((exchange) => arrayOf(dataOf(exchange)[field]).map(objectOf));
}
