/** Who gets a notice, and when: as it is kept. */
import type { Role } from '../access/roles.js';
import type { NoticeKind } from '../outbox.js';
import type { notices } from '../store/schema.js';
import type { QuietHours } from './quiet.js';

/** Ways to a person or a program. */
export const channels = ['email', 'webhook'] as const;

/** One of {@link channels}. */
export type Channel = (typeof channels)[number];

/**
 * Whom a notice goes to: an e-mail address, everybody with a token of a role that carries one, or whoever owns the work that it is about;
 * or a webhook, of which only the origin is shown.
 */
export type NoticeTarget =
  | { readonly address: string }
  | { readonly role: Role }
  | { readonly owner: true }
  | { readonly origin: string };

/** A row of who is told what. */
export type NoticeRow = Omit<typeof notices.$inferSelect, 'channel' | 'target' | 'kinds' | 'quiet' | 'switchedOff'> & {
  readonly channel: Channel;
  readonly target: NoticeTarget;
  readonly kinds: readonly NoticeKind[];
  readonly quiet: QuietHours | null;
  readonly switchedOff: { readonly at: string; readonly why: string } | null;
};

/** What stands sealed of a webhook. */
export interface WebhookSecrets {
  readonly url: string;
  /** The newest first; another counts until then, in milliseconds since the epoch. */
  readonly secrets: readonly { readonly secret: string; readonly until?: number }[];
}

/** What a webhook's secrets are sealed for and bound to. */
export const sealing = { purpose: 'notices', bind: (id: string) => `notices/${id}` } as const;
