/** What a work item can be about, and how it can stand. */

/**
 * Kinds of work. `erase-elsewhere`: a system that deletions left over. `direct-contact`: an access request that waits for an answer.
 * `decide-submission`: a submission that nobody can decide about. `reconnect`: a connection that stopped working. `decide-system`: a system
 * that a deletion is not known to reach, of which nobody decided how people are treated there. `doubtful-identifiers`: requests that wait
 * until somebody says that their identifiers are meant.
 */
export const workKinds = [
  'erase-elsewhere',
  'direct-contact',
  'decide-submission',
  'reconnect',
  'decide-system',
  'doubtful-identifiers',
] as const;

/** One of {@link workKinds}. */
export type WorkKind = (typeof workKinds)[number];

/** What is to be done, by kind. */
export const workNames: Readonly<Record<WorkKind, string>> = {
  'erase-elsewhere': 'Erase people by hand',
  'direct-contact': 'Ask a contact for the data of a person',
  'decide-submission': 'Decide about a submission',
  reconnect: 'Reconnect a connection',
  'decide-system': 'Decide about a system',
  'doubtful-identifiers': 'Look at doubtful identifiers',
};

/** How a piece of work can end. */
export const workOutcomes = ['done', 'not_needed', 'could_not'] as const;

/** One of {@link workOutcomes}. */
export type WorkOutcome = (typeof workOutcomes)[number];

/** States of a work item. */
export const workStates = ['open', ...workOutcomes] as const;

/** One of {@link workStates}. */
export type WorkState = (typeof workStates)[number];

/** What shows that a piece of work was done. */
export interface Evidence {
  readonly text?: string;
  /** Address of a page, https or http. */
  readonly link?: string;
  /** How many files were sent with it. */
  readonly files?: number;
}

/** How a piece of work ended. Times are ISO 8601. */
export interface EndOfWork {
  /** When it was written down. */
  readonly at: string;
  /** Id of who wrote it down; absent where what it was about ended by itself. */
  readonly by?: string;
  /** How it was done, or why it was not. */
  readonly why?: string;
  /** Who did it, and when. */
  readonly doneBy?: string;
  readonly doneAt?: string;
  readonly evidence?: Evidence;
  /** The kind of the decision about the system that ended it. */
  readonly treatment?: string;
}

/** A person or a group that has work. */
export interface Owner {
  readonly name: string;
  readonly email?: string;
}

/** An owner as a treatment names one: `Warehouse team <dwh@example.com>`, an e-mail address alone, or a name alone. Pure. */
export function ownerOf(text: string): Owner {
  const [, named = '', address] = /^([^<>]*)<([^<>@\s]+@[^<>@\s]+)>$/.exec(text.trim()) ?? [];
  if (address !== undefined) return { name: named.trim() || address, email: address };
  const whole = text.trim();
  return /^[^\s@<>]+@[^\s@<>]+$/.test(whole) ? { name: whole, email: whole } : { name: whole };
}
