/**
 * The query of a request. Nested names and arrays are read in every style that clients of the Public API send:
 * `pagination.count=3` (documented), `pagination[count]=3` (the TypeScript SDK), and for arrays `types[0]=A`,
 * `types.0=A`, `types[]=A` and `types=A&types=B`.
 */
export class Query {
  private readonly values = new Map<string, string[]>();

  constructor(search: string) {
    for (const [rawName, value] of new URLSearchParams(search)) {
      const name = rawName
        .replace(/\[([^[\]]*)\]/g, '.$1')
        .replace(/\.\d*$/, '')
        .replace(/\.$/, '');
      const known = this.values.get(name);
      if (known) known.push(value);
      else this.values.set(name, [value]);
    }
  }

  /** The first value of a name in dotted form, such as `pagination.count`. */
  first(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  /** All values of a name, in order. */
  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }
}
