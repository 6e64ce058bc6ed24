import type { ReactNode } from 'react';
import type { WorkItem } from '../api/model.js';
import { type Tone, ToneChip } from '../look/chips.js';
import { useDueDay } from '../look/due-day.js';
import { workWords } from '../words/work.js';

const dueTones: Readonly<Record<NonNullable<WorkItem['due']>, Tone>> = {
  overdue: 'error',
  soon: 'warning',
  later: 'neutral',
};

const endTones: Readonly<Record<Exclude<WorkItem['state'], 'open'>, Tone>> = {
  done: 'success',
  not_needed: 'neutral',
  could_not: 'warning',
};

/** When a piece of work is due, or how it ended. */
export function WorkChip({ item }: { readonly item: Pick<WorkItem, 'state' | 'due' | 'dueAt'> }): ReactNode {
  const dayOf = useDueDay();
  const { state, due, dueAt } = item;
  if (state !== 'open') return <ToneChip tone={endTones[state]} label={workWords.states[state]} />;
  if (due === undefined || dueAt === undefined) return null;
  const say = due === 'overdue' ? workWords.overdue : workWords.due;
  return <ToneChip tone={dueTones[due]} label={say(dayOf(dueAt))} />;
}
