/** A time under a name, where there is one: what is to be spread into a view. ISO 8601. */
export function time<Name extends string>(name: Name, at: Date | null): { readonly [key in Name]?: string } {
  return (at === null ? {} : { [name]: at.toISOString() }) as { readonly [key in Name]?: string };
}
