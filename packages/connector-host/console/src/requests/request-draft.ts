/** What somebody fills in about one person: for a request of its own, or for one that corrects another. */
import { useState } from 'react';
import type { RequestDetail } from '../api/model.js';
import type { Entry, Kind } from './identifiers.js';

/** A law that gives the time; `''` where the form says none. */
export type DraftLaw = '' | RequestDetail['jurisdiction'];

/** What is filled in. Days are `YYYY-MM-DD`; what is empty is not said. */
export interface Draft {
  readonly requestId: string;
  readonly right: RequestDetail['right'];
  readonly entries: readonly Entry[];
  /** Ids of connections; undefined for all that offer what is asked for. */
  readonly chosen: readonly string[] | undefined;
  readonly receivedOn: string;
  readonly dueOn: string;
  readonly law: DraftLaw;
  readonly days: string;
}

/** `dsr-20260131-4f2a`: today, and four characters that tell it from the next. */
function freshId(): string {
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return `dsr-${today}-${crypto.getRandomValues(new Uint16Array(1))[0]?.toString(16).padStart(4, '0')}`;
}

/** A draft that begins empty, or with what is known of the request that it corrects. @param masked identifiers that are not shown are none. */
export function useDraft(corrects: RequestDetail | undefined, masked: boolean) {
  return useState<Draft>(() => {
    const known = corrects === undefined || masked ? [] : corrects.identifiers;
    return {
      requestId: corrects === undefined ? freshId() : `${corrects.requestId}-corrected`,
      right: corrects?.right ?? 'deletion',
      entries: known.length === 0 ? [{ key: 0, kind: '', value: '' }] : known.map((one, key) => ({ key, ...one })),
      chosen: undefined,
      receivedOn: '',
      dueOn: '',
      law: '',
      days: '',
    };
  });
}

/** The body of a draft, without the right and the connections. @param kinds of which the first stands where none was chosen. */
export function bodyOf({ requestId, entries, receivedOn, dueOn, law, days }: Draft, kinds: readonly Kind[]) {
  return {
    requestId,
    identifiers: entries.map(({ kind, value }) => ({ kind: kind || (kinds[0]?.kind ?? ''), value })),
    ...(receivedOn === '' ? {} : { receivedAt: receivedOn }),
    ...(dueOn === '' ? {} : { dueAt: dueOn }),
    ...(law === '' ? {} : { jurisdiction: law }),
    ...(law !== 'other' || days === '' ? {} : { days: Number(days) }),
  };
}

/** The connections to which a request that corrects another goes: where that failed, or a vendor did not know the person. */
export function whereToCorrect({ tasks, leftovers }: RequestDetail): readonly string[] {
  const failed = tasks.filter(({ state }) => state === 'error');
  const unknown = leftovers.filter(({ code, state }) => code === 'NO_KNOWN_USER_ID' && state === 'open');
  return [...new Set([...failed, ...unknown].map(({ connection }) => connection))];
}
