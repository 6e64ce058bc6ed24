/** The object without the keys whose value is `undefined`, for optional properties. */
export function given<T extends object>(
  from: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as never;
}

/** The object without the keys whose value is `undefined` or `null`, for what is shown of a row. */
export function filled<T extends object>(
  from: T,
): { [K in keyof T as null extends T[K] ? never : undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : undefined extends T[K] ? K : never]?: NonNullable<T[K]>;
} {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined && value !== null)) as never;
}
