import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { TimelineEntry } from '../api/model.js';
import { useConnectionNames } from '../connections/queries.js';
import { formatDay, formatTime, When } from '../look/when.js';

const tones: readonly (readonly [ending: string, colour: string])[] = [
  ['_with_exceptions', 'warning.main'],
  ['complete', 'success.main'],
  ['completed', 'success.main'],
  ['accepted_complete', 'success.main'],
  ['error', 'error.main'],
  ['failed', 'error.main'],
  ['refused', 'error.main'],
  ['undecided', 'error.main'],
  ['held', 'warning.main'],
  ['waiting', 'warning.main'],
  ['uncertain', 'warning.main'],
];

const toneOf = (kind: string) => tones.find(([ending]) => kind.endsWith(ending))?.[1] ?? 'line.strong';

/** States that stand in a sentence as the API writes them. */
const states = /\b(completed?_with_exceptions|left_over|waiting_for_person|not_applicable)\b/g;

const utcTime = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z| UTC)/g;

/** Times within a sentence in the reader's zone; a date that is only a day stays one. */
const readable = (text: string) =>
  text
    .replaceAll(utcTime, (_all, date: string, time: string) =>
      time === '00:00:00' ? formatDay(date) : formatTime(`${date}T${time}Z`),
    )
    .replaceAll(states, (state) => state.replaceAll('_', ' ').replace(' with', ', with'));

/** What happened, oldest first, in plain words. */
export function Timeline({
  entries,
  several,
}: {
  readonly entries: readonly TimelineEntry[];
  readonly several: boolean;
}): ReactNode {
  const nameOf = useConnectionNames();
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {entries.map((entry, at) => (
        <Box
          component="li"
          key={entry.id ?? `${entry.kind} ${entry.task ?? ''}`}
          sx={{ position: 'relative', pl: 3, pb: at === entries.length - 1 ? 0 : 2 }}
        >
          {at === entries.length - 1 ? null : (
            <Box
              aria-hidden
              sx={{ position: 'absolute', left: 5, top: 12, bottom: -6, width: 2, bgcolor: 'line.main' }}
            />
          )}
          <Box
            aria-hidden
            sx={{
              position: 'absolute',
              left: 0,
              top: 5,
              width: 12,
              height: 12,
              borderRadius: '50%',
              bgcolor: toneOf(entry.kind),
              border: 2,
              borderColor: 'background.paper',
            }}
          />
          <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
            {readable(entry.text)}
          </Typography>
          <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
            <When at={entry.at} />
            {several && entry.connection !== undefined ? ` · ${nameOf(entry.connection)}` : ''}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
