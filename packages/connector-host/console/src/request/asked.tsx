import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host, query } from '../api/client.js';
import type { Task, WorkItem, WorkPage } from '../api/model.js';
import { useDueDay } from '../look/due-day.js';
import { formatRelative, useNow } from '../look/when.js';
import { askWords } from '../words/request.js';

/** The open work of a task that waits for an answer. */
export function useAnswerWork({ id, connection }: Pick<Task, 'id' | 'connection'>): WorkItem | undefined {
  const { data } = useQuery({
    queryKey: ['work', 'task', id],
    queryFn: ({ signal }) =>
      host.get<WorkPage>(`/work${query({ task: id, connection, state: 'open', limit: 1 })}`, signal),
  });
  return data?.items[0];
}

/** Who was asked when, how often they were reminded, and until when they may answer. */
export function Asked({ ask }: { readonly ask: WorkItem['ask'] }): ReactNode {
  const now = useNow();
  const dayOf = useDueDay();
  if (ask === undefined) return <Typography variant="body2">{askWords.nobody}</Typography>;
  const { contact, taken, writtenAt, answerBy, silentAt, reference } = ask;
  const name = contact?.name ?? askWords.contact;
  const when = formatRelative(answerBy, now);
  return (
    <Typography variant="body2" component="div">
      <div>
        {writtenAt === undefined
          ? askWords.unwritten(name)
          : askWords.asked(name, dayOf(writtenAt), Math.max(0, taken - 1))}{' '}
        {silentAt === undefined ? askWords.due(when) : askWords.silent(when)}
      </div>
      <div>{askWords.reference(reference)}</div>
    </Typography>
  );
}
