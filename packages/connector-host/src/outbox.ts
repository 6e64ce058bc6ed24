/**
 * What people are to be told, written in the transaction of what it tells: neither is there without the other. Rows wait here only until
 * they are handed on to whoever gets them (`notices/`).
 */
import type { Queryable } from './store/database.js';
import { noticeOutbox } from './store/schema.js';

/** Everything that somebody can be told. */
export const noticeKinds = [
  'connection.reconnect',
  'requests.deadlines',
  'quota.used_up',
  'submission.undecided',
  'system.not_reached',
  'system.asked_again',
  'import.ended',
  'disk.nearly_full',
  'work.assigned',
  'work.due_tomorrow',
  'work.overdue',
  'contact.silent',
  'notice.switched_off',
] as const;

/** One of {@link noticeKinds}. */
export type NoticeKind = (typeof noticeKinds)[number];

/** What a contact is told: that somebody waits for their answer, and that somebody still does. Nobody else gets these. */
export const contactKinds = ['contact.asked', 'contact.reminded'] as const;

/** One of {@link contactKinds}. */
export type ContactKind = (typeof contactKinds)[number];

/**
 * Plain facts; no secrets and no identifiers of people. Times are ISO 8601. What goes out of them, `notices/words.ts` says by kind;
 * `items` is how many pieces of work it tells of, where that is not one.
 */
export type NoticeFacts = Readonly<Record<string, string | number>>;

/** Something that is to be told. */
export interface NewNotice {
  readonly kind: NoticeKind | ContactKind;
  readonly at: Date;
  /** The connection that it is about. */
  readonly connection?: string | undefined;
  /** E-mail address of whose work it is; of the contact that is told. */
  readonly owner?: string | undefined;
  readonly facts?: NoticeFacts;
}

/** Has something told, in the transaction of what it tells. */
export async function tell(tx: Queryable, found: readonly NewNotice[]): Promise<void> {
  if (found.length === 0) return;
  await tx.insert(noticeOutbox).values(
    found.map(({ kind, at, connection, owner, facts = {} }) => ({
      kind,
      at,
      connection: connection ?? null,
      owner: owner ?? null,
      facts,
    })),
  );
}

/** An event, as far as it decides whether somebody is told. */
interface Happening {
  readonly at: Date;
  readonly kind: string;
  readonly operation?: number;
  readonly connection?: string;
  readonly data?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** What people are told of events. Messages of vendors and connectors are not passed on: a code says enough, and names nobody. */
export function noticesOf(events: readonly Happening[]): NewNotice[] {
  return events.flatMap((event): NewNotice[] => {
    const { at, connection, operation, data = {} } = event;
    const about = (kind: NoticeKind, facts: Readonly<Record<string, unknown>>): NewNotice[] => [
      { kind, at, connection, facts: plain(facts) },
    ];
    switch (event.kind) {
      case 'connection.reconnect':
        return about('connection.reconnect', { code: data['code'] });
      case 'connection.held':
        return data['code'] === 'QUOTA_EXHAUSTED' ? about('quota.used_up', { until: data['until'] }) : [];
      case 'operation.undecided':
        return about('submission.undecided', { operation, code: data['code'] });
      case 'detection.complete':
        return Number(data['unreached'] ?? 0) > 0
          ? about('system.not_reached', { unreached: data['unreached'], systems: data['systems'] })
          : [];
      case 'system.asked_again':
        return about('system.asked_again', { system: data['system'] });
      case 'request.import_ended': {
        const { accepted, rejected, doubtful } = data;
        return about('import.ended', { accepted, rejected, doubtful });
      }
      default:
        return [];
    }
  });
}

function plain(facts: Readonly<Record<string, unknown>>): NoticeFacts {
  const known = Object.entries(facts).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return Object.fromEntries(known) as NoticeFacts;
}
