/** The object without the keys whose value is `undefined`. */
export function present<T extends object>(
  from: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as never;
}
