/** What the host's HTTP API answers, as far as the console shows it. All times are ISO 8601. */
import type { CheckReport, ConnectorManifest, CoverageState, FaultData, FieldIssue } from 'connector-contract';

/** A role of the host. */
export type Role = 'super-admin' | 'connections-manager' | 'privacy-manager' | 'viewer';

/** Who is signed in, and what that role may do. */
export interface Session {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Actions of the host (`requests:create`); for connections the manifest's roles decide. */
  readonly may: readonly string[];
}

/** An installed connector: usable, or refused with the reason. */
export interface Connector {
  readonly id: string;
  readonly version?: string;
  readonly packageName: string;
  readonly state: 'ready' | 'refused';
  readonly manifest?: ConnectorManifest;
  /** JSON Schema of the configuration: it has the fields that exist on this host. */
  readonly form?: unknown;
  readonly code?: string;
  readonly reason?: string;
  readonly remedy?: string;
}

/** A stored value; a secret only says that it is there. */
export type ShownValue = string | number | boolean | { readonly set: true };

/** A connection, without its secrets. */
export interface Connection {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  readonly state: 'active' | 'paused' | 'reconnect';
  readonly capabilities: readonly string[];
  readonly config: Readonly<Record<string, ShownValue>>;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly check?: CheckReport & { readonly checkedAt: string };
  readonly quota?: {
    readonly remaining?: number;
    readonly consumed?: number;
    readonly resetsAt?: string;
    readonly readAt: string;
  };
  readonly held?: { readonly until: string; readonly code: string };
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The answer of a validation without network. */
export interface Validation {
  readonly valid: boolean;
  readonly issues: readonly FieldIssue[];
}

/** Whether work is in time. */
export type Lateness = 'on_time' | 'slow' | 'late';

/** Where a request stands. */
export type RequestState = 'processing' | 'complete' | 'complete_with_exceptions' | 'error' | 'cancelled';

/** Where a task stands. */
export type TaskState = RequestState | 'not_started' | 'pending';

/** What is done for a person at one connection. */
export interface Task {
  readonly id: number;
  readonly connection: string;
  readonly state: TaskState;
  readonly accessStep?: 'access_skipped' | 'direct_contact';
  readonly operation?: number;
  readonly error?: FaultData;
  readonly lateness: Lateness;
  readonly dueAt?: string;
  readonly expectedBy?: string;
  readonly concludedAt?: string;
}

/** A request in the list. */
export interface RequestSummary {
  readonly requestId: string;
  readonly right: 'deletion' | 'access';
  readonly state: RequestState;
  readonly lateness: Lateness;
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[];
  readonly acceptedAt: string;
  readonly expectedBy?: string;
  readonly concludedAt?: string;
  readonly tasks: readonly Task[];
}

/** A batch at the vendor. */
export interface Operation {
  readonly id: number;
  readonly connection: string;
  readonly state: string;
  readonly reference?: string;
  readonly subjects: number;
  readonly identifiers: number;
  readonly attempts: number;
  readonly vendorState?: string;
  readonly destinations: readonly {
    readonly id?: string;
    readonly name: string;
    readonly state: 'pending' | 'completed' | 'failed' | 'not-supported' | 'unknown';
    readonly vendorState: string;
    readonly message?: string;
    readonly finishedAt?: string;
  }[];
  readonly exceptions: readonly { readonly system: string; readonly reason: string }[];
  readonly error?: FaultData;
  readonly createdAt: string;
  readonly acceptedAt?: string;
  readonly expectedBy?: string;
  readonly finishedAt?: string;
  readonly nextPollAt?: string;
}

/** One line of a timeline. */
export interface TimelineEntry {
  readonly id?: number;
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  readonly connection?: string;
  readonly task?: number;
  readonly operation?: number;
  readonly actor?: string;
}

/** A request with everything that is known of it. */
export interface RequestDetail extends RequestSummary {
  readonly timeline: readonly TimelineEntry[];
  readonly operations: readonly Operation[];
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
  readonly total: number;
}

/** A page of requests, with counts by state under the same filter. */
export type RequestPage = Page<RequestSummary> & { readonly counts: Readonly<Record<RequestState, number>> };

/** What an import did. */
export interface ImportReport {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

/** What would be sent to one connection. */
export interface ConnectionPlan {
  readonly connection: string;
  readonly name: string;
  readonly subjects: number;
  readonly identifiers: number;
  readonly operations: number;
  readonly vendorCalls: number;
  readonly estimated: boolean;
  readonly quotaLeft?: number;
  readonly quotaResetsAt?: string;
  readonly waits?: string;
  readonly rejected: readonly { readonly requestId: string; readonly error: FaultData }[];
  readonly systemsNotReached: readonly {
    readonly key: string;
    readonly name: string;
    readonly kind: string;
    readonly coverage: { readonly state: CoverageState; readonly reason: string };
  }[];
  readonly limits: readonly string[];
}

/** The answer of a dry run. */
export interface DryRun {
  readonly subjects: number;
  readonly vendorCalls: number;
  readonly connections: readonly ConnectionPlan[];
}

/** A detected system. */
export interface System {
  readonly connection: string;
  readonly key: string;
  readonly name: string;
  readonly kind: 'source' | 'destination' | 'warehouse';
  readonly vendor: { readonly name: string; readonly slug: string; readonly domain?: string; readonly logo?: string };
  readonly categories: readonly string[];
  readonly enabled?: boolean;
  readonly coverage: {
    readonly state: CoverageState;
    readonly reason: string;
    readonly source: { readonly title: string; readonly url: string; readonly asOf: string };
  };
  readonly seenIn: readonly string[];
  readonly connectedTo: readonly string[];
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly state: 'active' | 'gone' | 'archived';
  /** What the last complete detection found about it. */
  readonly change?: 'new' | 'changed' | 'gone';
  readonly changes: readonly string[];
}

/** One look for systems. */
export interface Detection {
  readonly id: number;
  readonly connection: string;
  readonly state: 'running' | 'complete' | 'failed';
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly found: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  readonly error?: FaultData;
}

/** What became of open work when a connection was removed. */
export interface RemovalReport {
  readonly tasksNotSubmitted: number;
  readonly tasksNotFollowed: number;
}

/** Figures of the overview. Days are fractions. */
export interface Overview {
  readonly counts: Readonly<Record<RequestState, number>>;
  readonly open: { readonly onTime: number; readonly slow: number; readonly late: number };
  readonly waiting: {
    readonly batch: number;
    readonly quota: number;
    readonly reconnect: number;
    readonly paused: number;
  };
  readonly daysToComplete: { readonly median?: number; readonly p90?: number; readonly concluded: number };
  /** One entry a day, oldest first, days without anything included. */
  readonly days: readonly {
    readonly day: string;
    readonly accepted: number;
    readonly concluded: number;
    readonly withTrouble: number;
  }[];
  /** How many took so long: `upTo` days, the last without an end. */
  readonly durations: readonly { readonly upTo?: number; readonly count: number }[];
  readonly connections: readonly {
    readonly connection: string;
    readonly open: number;
    readonly late: number;
    readonly errors: number;
  }[];
}

/** Numbers for "a deletion reaches 14 of 25 systems; 6 need you". */
export interface SystemSummary {
  readonly total: number;
  readonly reached: number;
  readonly needYou: number;
  readonly unknown: number;
  readonly byCoverage: Readonly<Record<CoverageState, number>>;
  readonly gone: number;
  readonly archived: number;
}
