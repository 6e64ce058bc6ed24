/** What the host's HTTP API answers, under the names the console uses. All times are ISO 8601. */
import type { CheckReport, ConnectorManifest } from 'connector-contract';
import type * as answers from './answers.generated.js';

export type {
  AccessToken,
  BegunSession,
  ConnectionPlan,
  Contact,
  Delivery,
  DeliveryPage,
  Detection,
  DryRun,
  ErrorGroup,
  ImportPlan,
  ImportReport,
  Leftover,
  MadeAccessToken,
  MadeNotice,
  Notice,
  NoticeKind,
  NoticeList,
  Operation,
  Overview,
  Removal,
  RemovedConnection,
  RequestDetail,
  RequestPage,
  RequestSummary,
  Role,
  Session,
  SessionList,
  Settings,
  StoredFile,
  StoredFileList,
  System,
  SystemSummary,
  Task,
  TimelineEntry,
  Validation,
  WorkCounts,
  WorkDetail,
  WorkItem,
  WorkPage,
} from './answers.generated.js';

/** An installed connector: usable, or refused with the reason. Its manifest is the contract's. */
export type Connector = Omit<answers.Connector, 'manifest'> & { readonly manifest?: ConnectorManifest };

/** What a role may do, or not. */
export type Action = answers.Session['may'][number];

/** A stored value; a secret only says that it is there. */
export type ShownValue = string | number | boolean | { readonly set: true };

/** A connection, without its secrets. */
export type Connection = Omit<answers.Connection, 'config' | 'facts' | 'check'> & {
  readonly config: Readonly<Record<string, ShownValue>>;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly check?: CheckReport & { readonly checkedAt: string };
};

/** Whether work is in time. */
export type Timing = answers.RequestSummary['timing'];

/** Where a request stands. */
export type RequestState = answers.RequestSummary['state'];

/** Where a task stands. */
export type TaskState = answers.Task['state'];

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
  readonly total: number;
}
