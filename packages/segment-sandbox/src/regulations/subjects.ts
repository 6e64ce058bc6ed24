/** At most so many identifiers in one regulation. */
export const MAX_SUBJECTS = 5_000;

/** Which identifiers are refused, and whether the refusal says which. */
export interface SubjectRules {
  readonly isBad: (id: string) => boolean;
  /** True: the field names the identifier's place (`subjectIds[17]`); false: only that there is a bad one. */
  readonly nameBadIds: boolean;
  /** Whether a regulation may name nobody. */
  readonly mayBeEmpty: boolean;
}

/** By default an identifier with a NUL character, or of more than 1,000 characters. (What Segment refuses is not published.) */
export function isBadByDefault(id: string): boolean {
  return id.length > 1_000 || id.includes('\u0000');
}

/** The identifiers of a request, or what is wrong with them and where. */
export type CheckedSubjects =
  | { readonly ids: readonly string[] }
  | { readonly problem: { readonly field: string; readonly message: string } };

/** Checks the identifiers of a request that came in under `field`. A message never repeats an identifier. */
export function checkSubjects(value: unknown, field: string, rules: SubjectRules): CheckedSubjects {
  if (!Array.isArray(value)) return problem(field, `${field} must be an array of strings`);
  if (value.length === 0 && !rules.mayBeEmpty) return problem(field, `${field} must hold at least one identifier`);
  if (value.length > MAX_SUBJECTS) return problem(field, `${field} must hold no more than ${MAX_SUBJECTS} identifiers`);
  const ids: readonly unknown[] = value;
  const wrongType = ids.findIndex((id) => typeof id !== 'string' || id === '');
  if (wrongType >= 0) return problem(`${field}[${wrongType}]`, `${field}[${wrongType}] must be a non-empty string`);
  const bad = (ids as readonly string[]).findIndex((id) => rules.isBad(id));
  if (bad < 0) return { ids: ids as readonly string[] };
  return rules.nameBadIds
    ? problem(`${field}[${bad}]`, `${field}[${bad}] is not a valid identifier`)
    : problem(field, `${field} holds an invalid identifier`);
}

function problem(field: string, message: string): CheckedSubjects {
  return { problem: { field, message } };
}
