/** A route: a method, a template such as `/sources/{id}`, and what it leads to. */
export interface Route<Target> {
  readonly method: string;
  readonly template: string;
  readonly target: Target;
}

/** What a path leads to. */
export interface Match<Target> {
  readonly route: Route<Target>;
  readonly params: Readonly<Record<string, string>>;
}

/** A small table of routes: found by the number of path parts first, then compared part by part. */
export class RouteTable<Target> {
  private readonly bySize = new Map<number, { route: Route<Target>; parts: readonly string[] }[]>();

  constructor(routes: readonly Route<Target>[]) {
    for (const route of routes) {
      const parts = partsOf(route.template);
      const known = this.bySize.get(parts.length);
      if (known) known.push({ route, parts });
      else this.bySize.set(parts.length, [{ route, parts }]);
    }
  }

  /** The routes of this path, by any method. */
  matches(path: string): Match<Target>[] {
    const asked = partsOf(path);
    const found: Match<Target>[] = [];
    for (const { route, parts } of this.bySize.get(asked.length) ?? []) {
      const params = compare(parts, asked);
      if (params) found.push({ route, params });
    }
    return found;
  }

  /** The route of this method and path. */
  match(method: string, path: string): Match<Target> | undefined {
    return this.matches(path).find(({ route }) => route.method === method);
  }
}

/** Parts of a path or template; a closing slash makes no difference. */
export function partsOf(path: string): readonly string[] {
  return path
    .replace(/(?<!\/)\/+$/, '')
    .split('/')
    .slice(1);
}

function compare(parts: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [position, part] of parts.entries()) {
    const value = asked[position] ?? '';
    if (part.startsWith('{')) {
      try {
        params[part.slice(1, -1)] = decodeURIComponent(value);
      } catch {
        return undefined;
      }
    } else if (part !== value) return undefined;
  }
  return params;
}
