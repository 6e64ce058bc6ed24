/** Who is told what: as it is asked for, kept and shown. */
import { randomUUID } from 'node:crypto';
import type { FieldIssue } from 'connector-contract';
import type { Role } from '../access/roles.js';
import { isAddress } from '../address.js';
import { filled, given } from '../given.js';
import { type NoticeKind, noticeKinds } from '../outbox.js';
import { HostProblem } from '../problem.js';
import { isZone, knownZone } from '../requests/zoned-days.js';
import { isTimeOfDay, type QuietHours } from './quiet.js';
import type { Channel, NoticeRow, NoticeTarget } from './target.js';
import { urlFault } from './webhook.js';

/** What of a notice can be changed. */
export interface NoticeChange {
  /** Of what it tells; all kinds where nothing is said. */
  readonly kinds?: readonly NoticeKind[];
  /** Null for none. */
  readonly quiet?: QuietHours | null;
  /** Zone of the quiet hours and of times in messages. Default: the host's. */
  readonly zone?: string;
  /** Whether anything is sent. */
  readonly active?: boolean;
}

/** What a new notice is to be: one of the ways to say who gets it. */
export interface NewNoticeRule extends Omit<NoticeChange, 'active'> {
  readonly channel: Channel;
  readonly address?: string;
  readonly role?: Role;
  readonly owner?: true;
  readonly url?: string;
}

/** A notice as it is shown. A webhook's address and secret never come back. */
export interface NoticeView {
  readonly id: string;
  readonly channel: Channel;
  readonly to: NoticeTarget;
  readonly kinds: readonly NoticeKind[];
  readonly quiet?: QuietHours;
  readonly zone: string;
  readonly active: boolean;
  /** Where the host switched it off: when (ISO 8601), and `silent` or `gone`. */
  readonly switchedOff?: { readonly at: string; readonly why: string };
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A notice as it is shown. */
export function viewOf(row: NoticeRow): NoticeView {
  const { id, channel, target, kinds, quiet, zone, active, switchedOff, createdAt } = row;
  return {
    id,
    channel,
    to: target,
    kinds,
    ...filled({ quiet }),
    zone,
    active,
    ...filled({ switchedOff }),
    createdAt: createdAt.toISOString(),
  };
}

function invalid(issues: readonly FieldIssue[]): HostProblem {
  const [first] = issues;
  return new HostProblem('INPUT_INVALID', first?.message ?? '', {
    errors: issues,
    ...(first?.remedy === undefined ? {} : { remedy: first.remedy }),
  });
}

const issue = (field: string, message: string, remedy: string): FieldIssue => ({
  field,
  code: 'INVALID',
  message,
  remedy,
});

/** What is judged of a change, alone or within a new notice. */
function changeIssues({ quiet, zone }: NoticeChange): FieldIssue[] {
  const issues: FieldIssue[] = [];
  if (zone !== undefined && !isZone(zone))
    issues.push(issue('zone', 'There is no zone of this name.', 'Give the name of a zone, such as Europe/Berlin.'));
  if (quiet && !(isTimeOfDay(quiet.from) && isTimeOfDay(quiet.until) && quiet.from !== quiet.until))
    issues.push(issue('quiet', 'These are no quiet hours.', 'Give two times of day, such as 22:00 and 07:00.'));
  return issues;
}

/** The row of a new notice, without what is sealed. @throws HostProblem INPUT_INVALID, naming each field. */
export function readNew(wish: NewNoticeRule, allowed: readonly string[], hostZone: string, now: Date): NoticeRow {
  const issues = changeIssues(wish);
  const target = targetOf(wish, allowed, issues);
  if (target === undefined || issues.length > 0) throw invalid(issues);
  return {
    id: randomUUID(),
    channel: wish.channel,
    target,
    sealed: null,
    kinds: kindsOf(wish.kinds),
    quiet: wish.quiet ?? null,
    zone: knownZone(wish.zone ?? hostZone),
    active: true,
    switchedOff: null,
    createdAt: now,
  };
}

/** The columns that a change sets. @throws HostProblem INPUT_INVALID, naming each field. */
export function readChange(change: NoticeChange): Partial<NoticeRow> {
  const issues = changeIssues(change);
  if (issues.length > 0) throw invalid(issues);
  const { kinds, quiet, zone, active } = change;
  return {
    ...(kinds === undefined ? {} : { kinds: kindsOf(kinds) }),
    ...given({ quiet }),
    ...(zone === undefined ? {} : { zone: knownZone(zone) }),
    ...(active === undefined ? {} : { active, switchedOff: null }),
  };
}

/** In the order of all kinds, each once. */
function kindsOf(kinds: readonly NoticeKind[] = noticeKinds): readonly NoticeKind[] {
  return noticeKinds.filter((kind) => kinds.includes(kind));
}

function targetOf(
  { channel, address, role, owner, url }: NewNoticeRule,
  allowed: readonly string[],
  issues: FieldIssue[],
): NoticeTarget | undefined {
  const said = [address, role, owner, url].filter((one) => one !== undefined).length;
  const fits = channel === 'webhook' ? url !== undefined : url === undefined;
  if (said !== 1 || !fits) {
    const remedy = 'Give one of address, role and owner for email, or url for webhook.';
    issues.push(issue('channel', 'It has to be said who gets the notice, in one way.', remedy));
    return undefined;
  }
  if (address !== undefined && !isAddress(address))
    issues.push(issue('address', 'This is not an e-mail address.', 'Write one address alone, such as a@example.com.'));
  if (address !== undefined) return { address };
  if (role !== undefined) return { role };
  if (owner !== undefined) return { owner };
  const fault = urlFault(url ?? '', allowed);
  if (fault !== undefined) {
    issues.push(issue('url', fault.message, fault.remedy));
    return undefined;
  }
  return { origin: new URL(url ?? '').origin };
}
