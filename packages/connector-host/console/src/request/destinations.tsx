import type { SvgIconComponent } from '@mui/icons-material';
import BlockIcon from '@mui/icons-material/Block';
import CheckCircleIcon from '@mui/icons-material/CheckCircle';
import ErrorIcon from '@mui/icons-material/Error';
import HelpIcon from '@mui/icons-material/HelpOutlined';
import ReportProblemIcon from '@mui/icons-material/ReportProblem';
import ScheduleIcon from '@mui/icons-material/Schedule';
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { Leftover, Operation } from '../api/model.js';
import { type Tone, ToneChip } from '../look/chips.js';
import { When } from '../look/when.js';
import { leftoverWords, requestWords } from '../words/request.js';

type Destination = Operation['destinations'][number];

const looks: Readonly<Record<Destination['state'], readonly [Tone, SvgIconComponent]>> = {
  pending: ['info', ScheduleIcon],
  completed: ['success', CheckCircleIcon],
  failed: ['error', ErrorIcon],
  'not-supported': ['warning', BlockIcon],
  unknown: ['neutral', HelpIcon],
};

const leftLook = ['warning', ReportProblemIcon] as const;

const order: readonly Destination['state'][] = ['failed', 'not-supported', 'unknown', 'pending', 'completed'];

/** Destinations of which the vendor says the very same: one line, with how many there are. */
function alike(destinations: readonly Destination[]): readonly (readonly [Destination, number])[] {
  const groups = new Map<string, readonly [Destination, number]>();
  for (const one of destinations) {
    const key = JSON.stringify([
      one.key ?? one.name,
      one.state,
      one.message ?? one.vendorState,
      one.finishedAt?.slice(0, 10),
    ]);
    groups.set(key, [one, (groups.get(key)?.[1] ?? 0) + 1]);
  }
  return [...groups.values()];
}

/**
 * What the vendor says of each system it passes a deletion on to; trouble first. A system has the name that it has on the map, and
 * is not called done where it is among what is left over.
 */
export function Destinations(props: {
  readonly destinations: readonly Destination[];
  readonly connection: string;
  readonly leftovers: readonly Leftover[];
}): ReactNode {
  const { destinations, connection, leftovers } = props;
  const sorted = alike(destinations).toSorted(
    ([a], [b]) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name),
  );
  const { columns } = requestWords;
  return (
    <Box sx={{ mt: 2 }}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {requestWords.destinations}
      </Typography>
      <Box role="group" aria-label={requestWords.destinations} tabIndex={0} sx={{ overflowX: 'auto' }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell sx={{ pl: 0 }}>{columns.name}</TableCell>
              <TableCell>{columns.state}</TableCell>
              <TableCell>{columns.message}</TableCell>
              <TableCell>{columns.at}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {sorted.map(([one, times]) => {
              const left = leftovers.find(
                ({ state, system, ...each }) =>
                  each.connection === connection &&
                  system === (one.key ?? one.name) &&
                  (state === 'open' || state === 'could_not'),
              );
              const kept = one.state === 'completed' && left !== undefined;
              const [tone, icon] = kept ? leftLook : looks[one.state];
              return (
                <TableRow key={one.id ?? one.name}>
                  <TableCell sx={{ pl: 0, fontWeight: 550 }}>
                    {one.name}
                    {times > 1 ? requestWords.times(times) : null}
                  </TableCell>
                  <TableCell>
                    <ToneChip
                      tone={tone}
                      icon={icon}
                      label={kept ? leftoverWords.title : requestWords.destinationStates[one.state]}
                    />
                  </TableCell>
                  <TableCell sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                    {one.message ?? one.vendorState}
                  </TableCell>
                  <TableCell sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
                    {one.finishedAt === undefined ? '—' : <When at={one.finishedAt} as="day" />}
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </Box>
    </Box>
  );
}
