import { type Exchange, routeOf } from '../exchange.js';

/** What a run says about an assumption. */
export type Verdict = 'confirmed' | 'refuted' | 'not seen';

/** Something that the plugin or the sandbox takes for granted about Segment, which nobody has published or which pages disagree on. */
export interface Assumption {
  readonly id: string;
  /** In plain words, as a statement. */
  readonly says: string;
  judge(exchanges: readonly Exchange[]): Verdict;
}

/** Holds for every case, of which there must be one: a single exception refutes it. */
export function everyCase<T>(cases: readonly T[], holds: (one: T) => boolean): Verdict {
  if (cases.length === 0) return 'not seen';
  return cases.every(holds) ? 'confirmed' : 'refuted';
}

/** The exchanges of a route that Segment answered, with success where that is asked for. */
export function askedFor(exchanges: readonly Exchange[], route: string, only?: 'success'): readonly Exchange[] {
  return exchanges.filter(
    (exchange) => exchange.status > 0 && routeOf(exchange) === route && (only === undefined || isSuccess(exchange)),
  );
}

/** Whether an answer has a status of success. */
export function isSuccess({ status }: Exchange): boolean {
  return status >= 200 && status < 300;
}

/** Whether a call went to the Config API. */
export function isConfigCall({ path }: Exchange): boolean {
  return path.startsWith('/v1beta');
}

/** Whether the token was let through: without a right, nothing is learnt about what lies behind it. */
export function mayAsk({ status }: Exchange): boolean {
  return status !== 401 && status !== 403;
}
