import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { Connection, Overview } from '../api/model.js';
import { When } from '../look/when.js';
import { counted, timingWords } from '../words/common.js';
import { overviewWords } from '../words/overview.js';

const reasons = ['quota', 'rate', 'vendor', 'reconnect', 'paused', 'connector', 'batch'] as const;

/** Who waits, what for, and how far the open ones are. */
export function Waiting({
  figures,
  connections,
}: {
  readonly figures: Overview;
  readonly connections: readonly Connection[];
}): ReactNode {
  const { waiting, open } = figures;
  const present = reasons.filter((reason) => waiting[reason] > 0);
  const held = connections.filter((one) => one.held !== undefined);
  const all = open.onTime + open.dueSoon + open.late;
  const parts = [
    ['success.main', open.onTime, timingWords.on_time],
    ['warning.main', open.dueSoon, timingWords.due_soon],
    ['error.main', open.late, timingWords.late],
  ] as const;
  return (
    <Stack spacing={2}>
      {present.length === 0 ? (
        <Typography variant="body2">{overviewWords.nothingWaits}</Typography>
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', typography: 'body2', display: 'grid', gap: 0.5 }}>
          {present.map((reason) => (
            <li key={reason}>
              {overviewWords.waitsFor(counted(waiting[reason], 'person', 'people'), overviewWords.waits[reason])}
            </li>
          ))}
          {held.map(({ id, name, held: hold }) =>
            hold === undefined ? null : (
              <Box component="li" key={id} sx={{ color: 'text.secondary' }}>
                {name}: {hold.code}, <When at={hold.until} as="relative" />
              </Box>
            ),
          )}
        </Box>
      )}
      {all === 0 ? null : (
        <Box>
          <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mb: 0.75 }}>
            {overviewWords.inTime}
          </Typography>
          <Box aria-hidden sx={{ display: 'flex', gap: '3px', height: 10, borderRadius: 5, overflow: 'hidden' }}>
            {parts.map(([colour, count]) =>
              count === 0 ? null : <Box key={colour} sx={{ flex: count, minWidth: 4, bgcolor: colour }} />,
            )}
          </Box>
          <Typography variant="caption" component="p" sx={{ mt: 0.75 }}>
            {parts
              .filter(([, count]) => count > 0)
              .map(([, count, label]) => `${count.toLocaleString()} ${label.toLowerCase()}`)
              .join(' · ')}
          </Typography>
        </Box>
      )}
    </Stack>
  );
}
