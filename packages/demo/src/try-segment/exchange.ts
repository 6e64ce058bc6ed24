/** A request of the plugin's and what came of it, as the recorder saw it. Never holds the token; everything else is as it came. */
export interface Exchange {
  readonly method: string;
  /** Path without the query, as it was sent. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The request's JSON; undefined where there was none. */
  readonly requestBody: unknown;
  /** 0 where no answer came. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's JSON; undefined where it is none. */
  readonly body: unknown;
}

/** Parts of paths that are Segment's own words; every other part is an id or a slug of the workspace. */
const WORDS: ReadonlySet<string> = new Set([
  'v1beta',
  'workspaces',
  'sources',
  'destinations',
  'warehouses',
  'regulations',
  'regulation',
  'suppressions',
  'functions',
  'spaces',
  'audiences',
  'reverse-etl-models',
  'profiles-warehouses',
  'connected-sources',
  'connected-destinations',
  'connected-warehouses',
]);

/** Method and path with `{id}` for what belongs to the workspace: the same for every workspace. */
export function routeOf({ method, path }: Pick<Exchange, 'method' | 'path'>): string {
  const parts = path.split('/').map((part) => (part === '' || WORDS.has(part) ? part : '{id}'));
  return `${method} ${parts.join('/') || '/'}`;
}

/** A JSON object, or an empty one where the value is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** A JSON array, or an empty one where the value is none. */
export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
