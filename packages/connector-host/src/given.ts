/** The object without the keys whose value is `undefined`, for optional properties. */
export function given<T extends object>(
  from: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return without(from, (value) => value === undefined);
}

/** The object without the keys whose value is `undefined` or `null`, for what is shown of a row. */
export function filled<T extends object>(
  from: T,
): { [K in keyof T as null extends T[K] ? never : undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : undefined extends T[K] ? K : never]?: NonNullable<T[K]>;
} {
  return without(from, (value) => value === undefined || value === null);
}

/** By a loop: for each row of a list or a file, entries that are made and taken apart would cost about three times as much. */
function without(from: object, isMissing: (value: unknown) => boolean): never {
  const kept: Record<string, unknown> = {};
  const all = from as Record<string, unknown>;
  for (const key in all) if (!isMissing(all[key])) kept[key] = all[key];
  return kept as never;
}
