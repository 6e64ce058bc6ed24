/**
 * What Segment answers where nobody has published it, or where its pages disagree: the possibilities, the usual one first, so
 * that a client can be tried against each.
 */
export const ANSWER_CHOICES = {
  /** Order of regulations in lists. */
  listOrder: ['newest-first', 'oldest-first'],
  /** What `name` holds in the results per destination: the name in the catalogue, or its slug. */
  destinationNames: ['name', 'slug'],
  /** Public API: which headers of a create speak of the regulation quota. The second come with an ISO date, beside those of the request window. */
  quotaHeaders: ['x-ratelimit', 'x-regulation-ratelimit'],
  /** Public API: status where a token lacks a right or a plan lacks the API. The pages say 401; 403 has been reported. */
  missingRight: [401, 403],
  /** Both APIs: whether a create looks at the token's rights or at the body first. */
  checkedFirst: ['rights', 'body'],
  /** Both APIs: whether a regulation that names nobody is refused. The published schema has no minimum. */
  emptySubjects: ['refused', 'taken'],
  /**
   * Public API: a list that exists in the version alpha only, asked for by the name of another version. (Who names none gets the
   * most stable version there is.)
   */
  alphaLists: ['in-alpha-only', 'in-any-version'],
  /** The status of a destination at which there was nothing to do. The app shows "No action"; the API's word is not published. */
  noAction: ['NO_ACTION', 'No Action', 'NOTHING_TO_DO'],
  /** Config API: whether `regulate_id` is a string or a number. */
  regulateIdAs: ['string', 'number'],
  /** Config API: status of a successful create. */
  createStatus: [200, 201],
  /** Config API: casing of the fields of a regulation. */
  fields: ['snake_case', 'camelCase'],
  /** Config API: a regulation by itself, or under `regulation`. */
  wrapped: [false, true],
  /** Config API: casing of status values (`PARTIAL_SUCCESS`, `Partial_Success`, `partial_success`). */
  statuses: ['SCREAMING', 'Title', 'lower'],
  /** Config API: the list of regulations, documented once. Today it may be there, or answer 501 or 404. */
  configList: ['unimplemented', 'not-found', 'there'],
  /** Config API: error bodies as JSON, or as a public client met them: not quite JSON. */
  errorBodies: ['json', 'broken'],
} as const;

/** How answers look where what Segment sends is not published: one of {@link ANSWER_CHOICES} each. */
export type AnswerStyle = {
  readonly [Name in keyof typeof ANSWER_CHOICES]: (typeof ANSWER_CHOICES)[Name][number];
};

/** The first of each choice. */
export const USUAL_ANSWERS: AnswerStyle = Object.fromEntries(
  Object.entries(ANSWER_CHOICES).map(([name, [usual]]) => [name, usual]),
) as unknown as AnswerStyle;

/** What is wrong with the answers asked for, in plain words; undefined where nothing is. */
export function answersProblem(asked: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(asked)) {
    if (!Object.hasOwn(ANSWER_CHOICES, name))
      return `answers.${name} is not one of ${Object.keys(ANSWER_CHOICES).join(', ')}`;
    const choices: readonly unknown[] = ANSWER_CHOICES[name as keyof AnswerStyle];
    if (!choices.includes(value)) return `answers.${name} must be one of ${choices.join(', ')}`;
  }
  return undefined;
}
