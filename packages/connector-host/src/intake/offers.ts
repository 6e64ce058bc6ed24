/** Which connections can carry a request out, and which of them one request goes to. Pure; runs once a line of an import. */
import type { ConnectorManifest, FieldIssue, Identifier, KindTerms } from 'connector-contract';
import { given } from '../given.js';
import { type RequestBody, Right } from '../requests/request-body.js';
import type { LeftoverState, TaskState } from '../requests/states.js';

/** What one connection can do for a person. */
export interface Offer {
  /** The connection's id. */
  readonly connection: string;
  /** It erases people. */
  readonly deletion: boolean;
  /** It erases the whole person at once: the access step of a deletion is then skipped. */
  readonly wholeRecord: boolean;
  /** An access request goes to a named contact, by hand. */
  readonly directContact: boolean;
  /** The kinds of identifier it takes. */
  readonly kinds: ReadonlySet<string>;
  /** Those of them by which its vendor knows people; absent where that is each of them. */
  readonly knownBy?: ReadonlySet<string>;
  /** Kinds that it takes and does not send, as it is configured; absent where it sends all. */
  readonly keptBack?: ReadonlySet<string>;
  /** Nothing says what it takes: its connector is not installed, or cannot be read. */
  readonly unknown?: true;
  /** What identifiers of a kind look like here, beyond the contract's rules, where anything is known of that. */
  readonly terms?: ReadonlyMap<string, KindTerms>;
}

/** Reads a connection's offer from what is switched on for it and what its connector's manifest says. */
export function offerOf(
  connection: {
    readonly id: string;
    readonly capabilities: readonly string[];
    readonly config: Readonly<Record<string, unknown>>;
  },
  manifest: ConnectorManifest,
): Offer {
  const knownBy = kindsKnownBy(manifest, connection.config);
  return {
    connection: connection.id,
    deletion: manifest.deletion !== undefined && connection.capabilities.includes('deletion'),
    wholeRecord: manifest.deletion?.granularity === 'whole-record',
    directContact: manifest.access.type === 'direct-contact',
    kinds: new Set(manifest.identities.kinds.map(({ kind }) => kind)),
    ...given({ knownBy, keptBack: kindsKeptBack(manifest, connection.config) }),
    terms: termsOf(manifest, knownBy),
  };
}

/** The offer of a connection whose connector is not there: of what it may take nothing is known. */
export function unknownOffer({
  id,
  capabilities,
}: {
  readonly id: string;
  readonly capabilities: readonly string[];
}): Offer {
  const deletion = capabilities.includes('deletion');
  return { connection: id, deletion, wholeRecord: false, directContact: true, kinds: new Set(), unknown: true };
}

/** The kinds of identifier by which the vendor knows people, as the connection is configured; `undefined` where that is each of them. */
export function kindsKnownBy(
  { identities }: Pick<ConnectorManifest, 'identities'>,
  config: Readonly<Record<string, unknown>>,
): ReadonlySet<string> | undefined {
  if (!identities.kinds.some(({ knownBy }) => knownBy)) return undefined;
  const known = identities.kinds.filter(
    ({ knownBy, equalsKnownByWhen: when }) => knownBy || when?.in.some((value) => value === config[when.field]),
  );
  return new Set(known.map(({ kind }) => kind));
}

/** The kinds of identifier that are not sent, as the connection is configured; `undefined` where all are. */
export function kindsKeptBack(
  { identities }: Pick<ConnectorManifest, 'identities'>,
  config: Readonly<Record<string, unknown>>,
): ReadonlySet<string> | undefined {
  const kept = identities.kinds.filter(({ sentWhen: when }) => {
    const set = when === undefined ? undefined : config[when.field];
    // Where nothing is set, nothing was chosen to stay behind.
    return set !== undefined && when?.in.every((value) => value !== set);
  });
  return kept.length === 0 ? undefined : new Set(kept.map(({ kind }) => kind));
}

/**
 * Whether the vendor knows a person by what it is given: by something at least, and nothing by which it knows people stays behind. What is
 * kept back and given all the same as another kind is given.
 */
export function isKnown(
  identifiers: readonly Identifier[],
  { kinds, knownBy = kinds, keptBack }: Pick<Offer, 'kinds' | 'knownBy' | 'keptBack'>,
): boolean {
  const by = identifiers.filter(({ kind }) => knownBy.has(kind));
  if (keptBack === undefined || by.length === 0) return by.length > 0;
  const sent = identifiers.filter(({ kind }) => kinds.has(kind) && !keptBack.has(kind));
  return by.every(({ value }) => sent.some((one) => one.value === value));
}

/** What is known of each kind. Where the vendor knows people by their e-mail address as well, its other identifiers are e-mail addresses. */
export function termsOf(
  { identities: { kinds } }: Pick<ConnectorManifest, 'identities'>,
  known: ReadonlySet<string> | undefined,
): ReadonlyMap<string, KindTerms> {
  const idsAreEmails = known?.has('email') === true;
  const found = new Map<string, KindTerms>();
  for (const { kind, knownBy, rules = [], expects = [] } of kinds) {
    const more = idsAreEmails && knownBy === true ? ['ADDRESS_AS_ID'] : [];
    if (rules.length + expects.length + more.length > 0) found.set(kind, { rules, expects: [...expects, ...more] });
  }
  return found;
}

/** The answer of {@link assign}: where a request goes, or why it goes nowhere. */
export type Assignment =
  | { readonly targets: readonly Offer[] }
  | { readonly issues: readonly FieldIssue[]; readonly nowhere?: 'no connection' | 'unknown connector' };

/** How a task begins. */
export interface FirstStanding {
  readonly state: Extract<TaskState, 'pending' | 'waiting_for_person' | 'not_applicable'>;
  readonly accessStep: 'access_skipped' | 'direct_contact' | null;
  /** `open` for somebody whom the vendor, once it has done its part, may not have known. */
  readonly ownLeftover: Extract<LeftoverState, 'open'> | null;
}

/**
 * How the task of a request at one of its targets begins.
 * @param held an identifier is doubtful, and nobody has said that it is meant.
 */
export function firstStanding({ right, identifiers }: RequestBody, target: Offer, held = false): FirstStanding {
  const accessStep = right === Right.access ? 'direct_contact' : target.wholeRecord ? 'access_skipped' : null;
  if (!identifiers.some(({ kind }) => target.kinds.has(kind))) {
    return { state: 'not_applicable', accessStep: null, ownLeftover: null };
  }
  if (right === Right.access) return { state: 'waiting_for_person', accessStep, ownLeftover: null };
  const state = held ? 'waiting_for_person' : 'pending';
  return { state, accessStep, ownLeftover: isKnown(identifiers, target) ? null : 'open' };
}

function offers(offer: Offer, right: Right): boolean {
  return right === Right.deletion ? offer.deletion : offer.directContact;
}

/** Whether a connection is concerned cannot be told: going by it would leave it out in silence. */
export function connectorMissing(connection: string): FieldIssue {
  return {
    field: 'connections',
    code: 'CONNECTOR_MISSING',
    message: `The connector of the connection ${connection} is not there, so nobody knows what it takes.`,
    remedy: 'Install its connector again, remove the connection, or name the connections that the request is for.',
  };
}

function named(body: RequestBody, ids: readonly string[], all: ReadonlyMap<string, Offer>): Assignment {
  const issues: FieldIssue[] = [];
  const targets: Offer[] = [];
  ids.forEach((id, at) => {
    const offer = all.get(id);
    const field = `connections[${at}]`;
    if (offer === undefined) {
      const remedy = 'List the connections to see their ids.';
      issues.push({ field, code: 'CONNECTION_UNKNOWN', message: 'There is no connection with this id.', remedy });
    } else if (!offers(offer, body.right)) {
      const message = `This connection takes no ${body.right} requests.`;
      issues.push({ field, code: 'NOT_OFFERED', message, remedy: 'Leave it out of the request.' });
    } else targets.push(offer);
  });
  return issues.length > 0 ? { issues } : { targets };
}

function everyOffer(body: RequestBody, all: ReadonlyMap<string, Offer>): Assignment {
  const targets = [...all.values()].filter((offer) => offers(offer, body.right));
  if (targets.length > 0) return { targets };
  const issue = {
    field: 'right',
    code: 'NO_CONNECTION',
    message: `No connection takes ${body.right} requests.`,
    remedy: `Connect a system whose connector offers ${body.right}, then send the request again.`,
  };
  return { issues: [issue], nowhere: 'no connection' };
}

/**
 * Decides which connections a request goes to: those it names, or all that offer what it asks for. Every identifier must be
 * of a kind that one of them takes, so that none is silently left out.
 */
export function assign(body: RequestBody, all: ReadonlyMap<string, Offer>): Assignment {
  const assignment = body.connections ? named(body, body.connections, all) : everyOffer(body, all);
  if ('issues' in assignment) return assignment;
  const unknown = assignment.targets.find((target) => target.unknown);
  if (unknown !== undefined) return { issues: [connectorMissing(unknown.connection)], nowhere: 'unknown connector' };
  const issues: FieldIssue[] = [];
  body.identifiers.forEach(({ kind }, at) => {
    if (assignment.targets.some(({ kinds }) => kinds.has(kind))) return;
    const kinds = [...new Set(assignment.targets.flatMap((target) => [...target.kinds]))];
    issues.push({
      field: `identifiers[${at}].kind`,
      code: 'KIND_NOT_TAKEN',
      message: 'No connection that this request goes to takes identifiers of this kind.',
      remedy: `Kinds taken are ${kinds.join(', ')}.`,
    });
  });
  return issues.length > 0 ? { issues } : assignment;
}
