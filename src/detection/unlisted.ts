import { CoverageState, type DetectedSystem } from 'connector-contract';
import { SegmentFault } from '../segment/fault.js';
import { pages } from './coverage-rules.js';

/** Answers by which Segment says that this token, plan or workspace does not get a list; what else goes wrong ends the detection. */
const refusals: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'PERMISSION_MISSING',
  'PLAN_WITHOUT_API',
  'NOT_FOUND',
  'NOT_SUPPORTED',
  'INPUT_REFUSED',
  'CONFLICT',
]);

/** A list that Segment refused: told in place of what it would have shown, so that the others go on. */
export class Unlisted {
  readonly #told = new Map<string, DetectedSystem>();

  /** The items of a list, up to where Segment refuses it. @param what as people call what it lists. */
  async *read<T>(
    what: string,
    kind: DetectedSystem['kind'],
    list: AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    try {
      yield* list;
    } catch (fault) {
      if (!(fault instanceof SegmentFault) || !refusals.has(fault.code)) throw fault;
      this.#told.set(what, unlisted(what, kind, fault));
    }
  }

  /** Whether a list of these was refused. */
  refused(what: string): boolean {
    return this.#told.has(what);
  }

  /** One for each list that was refused. */
  systems(): Iterable<DetectedSystem> {
    return this.#told.values();
  }
}

function unlisted(what: string, kind: DetectedSystem['kind'], { message, remedy, code }: SegmentFault): DetectedSystem {
  const doubt = `Segment did not let ${what.toLowerCase()} be listed (${code}), so what there is of them is not known. ${message}`;
  return {
    key: `${kind}:not-listed:${what.toLowerCase().replaceAll(' ', '-')}`,
    kind,
    name: `${what} (not listed)`,
    vendor: { name: 'Twilio Segment', slug: 'segment', domain: 'segment.com' },
    categories: [],
    seenIn: ['The Segment workspace'],
    connectedTo: [],
    coverage: {
      state: CoverageState.unknown,
      reason: remedy === undefined ? doubt : `${doubt} ${remedy}`,
      source: pages.publicApi,
    },
    unlisted: true,
  };
}
