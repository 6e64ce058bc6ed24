import type { Notice } from '../api/model.js';
import { roleWords } from '../words/common.js';
import { noticeWords } from '../words/notices.js';

/** Who gets a notice, in words. */
export function receiver({ to }: Notice): string {
  if (to.address !== undefined) return to.address;
  if (to.role !== undefined) return noticeWords.everybody(roleWords[to.role]);
  return to.origin === undefined ? noticeWords.owner : noticeWords.webhook(to.origin);
}
