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

/** Something that is listed, as people call it. */
interface ListedKind {
  readonly what: string;
  readonly kind: DetectedSystem['kind'];
}

/** What no generation lists but the Public API, whose token may still be refused one of them. */
export const furtherLists = {
  functions: { what: 'Functions', kind: 'function' },
  models: { what: 'Reverse-ETL models', kind: 'model' },
  spaces: { what: 'Unify spaces', kind: 'space' },
  warehouses: { what: 'Warehouses', kind: 'warehouse' },
} as const satisfies Record<string, ListedKind>;

/** What is listed by Unify space. */
export const listsOfSpaces = {
  warehouses: { what: 'Warehouses of Profiles Sync', kind: 'warehouse' },
  audiences: { what: 'Audiences', kind: 'model' },
} as const satisfies Record<string, ListedKind>;

/** Lists that Segment refused or does not have: told in place of what they would have shown, so that the others go on. */
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
      this.#told.set(what, unlisted(what, kind, refusal(what, fault)));
    }
  }

  /** Tells of what an API has no lists. @param api as Segment calls it. */
  without(api: string): void {
    for (const { what, kind } of Object.values(furtherLists)) {
      const reason =
        `The ${api} has no list of ${inText(what)}, so what there is of them is not known. ` +
        'Create a token for the Public API under Access Management > Tokens, and enter it in this connection.';
      this.#told.set(what, unlisted(what, kind, reason));
    }
  }

  /** Tells of what can only be listed space by space, where the spaces were refused. */
  withoutSpaces(): void {
    for (const { what, kind } of Object.values(listsOfSpaces)) {
      const reason =
        `${what} are listed by Unify space, and Segment did not let the spaces be listed, so what there is of them is not known. ` +
        `The reason stands with ${furtherLists.spaces.what}.`;
      this.#told.set(what, unlisted(what, kind, reason));
    }
  }

  /** Whether a list of these was refused. */
  refused(what: string): boolean {
    return this.#told.has(what);
  }

  /** One for each list that was refused or is not there. */
  systems(): Iterable<DetectedSystem> {
    return this.#told.values();
  }
}

/** Within a sentence; names of Segment's own stay as they are. */
function inText(what: string): string {
  return what.startsWith('Unify') ? what : what.charAt(0).toLowerCase() + what.slice(1);
}

function refusal(what: string, { message, remedy, code }: SegmentFault): string {
  const doubt = `Segment did not let ${inText(what)} be listed (${code}), so what there is of them is not known. ${message}`;
  return remedy === undefined ? doubt : `${doubt} ${remedy}`;
}

function unlisted(what: string, kind: DetectedSystem['kind'], reason: string): DetectedSystem {
  return {
    key: `${kind}:not-listed:${what.toLowerCase().replaceAll(' ', '-')}`,
    kind,
    name: `${what} (not listed)`,
    vendor: { name: 'Twilio Segment', slug: 'segment', domain: 'segment.com' },
    categories: [],
    seenIn: ['The Segment workspace'],
    connectedTo: [],
    coverage: { state: CoverageState.unknown, reason, source: pages.publicApi },
    unlisted: true,
  };
}
