import { arrayOf, type Exchange, objectOf, routeOf } from './exchange.js';
import { FREE_MAPS } from './vocabulary.js';

/** A difference between what Segment answered and what a sandbox would have. */
export interface Difference {
  readonly route: string;
  /** In words, with names of fields and statuses only. */
  readonly says: string;
}

/**
 * Compares the answers of two runs call by call: statuses, and which fields of which types there are. Items of lists are taken
 * together; what is null says nothing about its type. Routes that only one side was asked for are said too.
 */
export function compare(real: readonly Exchange[], sandbox: readonly Exchange[]): readonly Difference[] {
  const [ours, theirs] = [byRoute(sandbox), byRoute(real)];
  const differences: Difference[] = [];
  for (const route of new Set([...theirs.keys(), ...ours.keys()])) {
    const [segment, local] = [theirs.get(route), ours.get(route)];
    if (segment === undefined || local === undefined) {
      differences.push({ route, says: `asked of ${segment === undefined ? 'the sandbox' : 'Segment'} only` });
      continue;
    }
    for (const status of segment.statuses)
      if (!local.statuses.has(status)) differences.push({ route, says: `Segment answered ${status}` });
    for (const status of local.statuses)
      if (!segment.statuses.has(status)) differences.push({ route, says: `the sandbox answered ${status}` });
    for (const [path, types] of segment.shape) {
      const known = local.shape.get(path);
      if (known === undefined) {
        if (isParentKnown(path, local.shape)) differences.push({ route, says: `only Segment has ${path}` });
      } else if (![...types].some((type) => known.has(type)))
        differences.push({
          route,
          says: `${path} is ${[...types].join(' or ')} at Segment, ${[...known].join(' or ')} in the sandbox`,
        });
    }
    for (const path of local.shape.keys())
      if (!segment.shape.has(path) && isParentKnown(path, segment.shape))
        differences.push({ route, says: `only the sandbox has ${path}` });
  }
  return differences;
}

interface Seen {
  readonly statuses: Set<number>;
  readonly shape: Map<string, Set<string>>;
}

function byRoute(exchanges: readonly Exchange[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const exchange of exchanges) {
    const route = routeOf(exchange);
    const one = seen.get(route) ?? { statuses: new Set(), shape: new Map() };
    seen.set(route, one);
    one.statuses.add(exchange.status);
    if (exchange.status >= 200 && exchange.status < 300) addShape(exchange.body, '', one.shape);
  }
  return seen;
}

function addShape(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  if (value === null || value === undefined) return;
  if (path !== '') {
    const types = shape.get(path) ?? new Set();
    shape.set(path, types.add(Array.isArray(value) ? 'a list' : typeof value));
  }
  for (const item of arrayOf(value)) addShape(item, `${path}[]`, shape);
  for (const [key, inner] of Object.entries(objectOf(value))) {
    const name = /^[A-Za-z_]{1,40}$/.test(key) ? key : '?';
    addShape(FREE_MAPS.has(key) ? {} : inner, path === '' ? name : `${path}.${name}`, shape);
  }
}

/** A field is worth telling only where the object that it is missing from was seen. */
function isParentKnown(path: string, shape: ReadonlyMap<string, unknown>): boolean {
  const parent = path.replace(/(?:\.[^.[\]]+|\[\])$/, '');
  return parent === path || parent === '' || shape.has(parent);
}
