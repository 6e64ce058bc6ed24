/** Who may do what: one table, and the manifests' own rule for connections. */

/** The roles of the host; manifests name some of them. `auditor`: everything that proves, and no people. */
export const roles = ['super-admin', 'connections-manager', 'privacy-manager', 'auditor', 'viewer'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Who acts: a person or a program behind an access token, or the host itself. */
export interface Actor {
  /** Id of the access token; `host` for the host's own doing. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Of whoever holds the token, where it says so: work that is given to it is theirs. */
  readonly email?: string;
}

/** The host acting by itself: schedules, recovery. */
export const hostActor: Actor = { id: 'host', name: 'host', role: 'super-admin' };

const all: readonly Role[] = roles;
const connecting: readonly Role[] = ['super-admin', 'connections-manager'];
const erasing: readonly Role[] = ['super-admin', 'privacy-manager'];
const acting: readonly Role[] = ['super-admin', 'connections-manager', 'privacy-manager'];

const table = {
  'connectors:read': all,
  'connections:read': all,
  'connections:validate': connecting,
  'connections:create': connecting,
  'connections:change': connecting,
  'connections:remove': connecting,
  'connections:check': acting,
  'settings:read': all,
  'requests:read': all,
  /** To see the identifiers of people, and to search by them. */
  'requests:identify': erasing,
  'requests:create': erasing,
  /** To say that identifiers that look like damage are meant. */
  'requests:allow': erasing,
  'requests:plan': erasing,
  'requests:retry': erasing,
  'requests:cancel': erasing,
  'requests:settle': erasing,
  'requests:extend': erasing,
  /** To write down what somebody answered who had to be asked. */
  'requests:answer': erasing,
  'requests:close': erasing,
  'requests:correct': erasing,
  'receipts:read': ['super-admin', 'privacy-manager', 'auditor'],
  'operations:read': all,
  'detections:run': acting,
  'systems:read': all,
  'systems:archive': acting,
  /** To decide how people are treated whom a deletion does not reach in a system. */
  'systems:treat': erasing,
  /** To end what is left over. */
  'leftovers:close': erasing,
  'work:read': all,
  /** To download the people of work, give it to somebody, and end it. Whoever it belongs to may do the same with it. */
  'work:people': erasing,
  'work:assign': erasing,
  'work:close': erasing,
  'events:read': all,
  'metrics:read': all,
  /** To see and say who is told what, and what came of it. */
  'notices:manage': connecting,
  'tokens:manage': ['super-admin'],
  'audit:read': ['super-admin', 'auditor'],
  'keys:rotate': ['super-admin'],
  'data:purge': ['super-admin'],
} as const satisfies Record<string, readonly Role[]>;

/** Something a person can do in the host. */
export type Action = keyof typeof table;

/** All actions, for tests and for showing what a role may do. */
export const actions = Object.keys(table) as readonly Action[];

const decidedByManifest: ReadonlySet<Action> = new Set<Action>([
  'connections:validate',
  'connections:create',
  'connections:change',
  'connections:remove',
]);

/**
 * Whether a role may do something.
 * @param connectorRoles the manifest's `roles.host`, where the action is about a connection of that connector: it then decides
 *   who may make, change and remove the connection.
 */
export function may(role: Role, action: Action, connectorRoles?: readonly Role[]): boolean {
  const allowed: readonly Role[] =
    connectorRoles !== undefined && decidedByManifest.has(action) ? connectorRoles : table[action];
  return allowed.includes(role);
}

/** Whether work belongs to somebody. */
export function owns({ email }: Actor, owner: { readonly email?: string } | undefined): boolean {
  return email !== undefined && email.toLowerCase() === owner?.email?.toLowerCase();
}

/** Whether a text names a role. */
export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
