import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { System } from '../api/model.js';
import { CoverageChip, ToneChip } from '../look/chips.js';
import { When } from '../look/when.js';
import { coverageOrder, kindWords } from '../words/common.js';
import { mapWords, treatmentWords } from '../words/map.js';
import { useOpenWork } from '../work/queries.js';

/** What needs somebody first. */
const urgency = (system: System) => -coverageOrder.indexOf(system.coverage.state);

/** The systems as a table: what needs somebody stands first. */
export function SystemList(props: {
  readonly systems: readonly System[];
  readonly selected: string | undefined;
  onSelect(key: string): void;
}): ReactNode {
  const { systems, selected, onSelect } = props;
  const work = useOpenWork(systems[0]?.connection ?? '');
  const sorted = systems.toSorted((a, b) => urgency(a) - urgency(b) || a.name.localeCompare(b.name));
  const { columns } = mapWords;
  const wide = { display: { xs: 'none', md: 'table-cell' } } as const;
  // Beside a system that is looked at there is no room for them, and it says the same.
  const roomy = selected === undefined ? wide : ({ display: 'none' } as const);
  return (
    <Table size="small" aria-label={mapWords.title}>
      <TableHead>
        <TableRow>
          <TableCell>{columns.name}</TableCell>
          <TableCell sx={wide}>{columns.kind}</TableCell>
          <TableCell>{columns.coverage}</TableCell>
          <TableCell sx={roomy}>{columns.reason}</TableCell>
          <TableCell sx={roomy}>{columns.lastSeen}</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {sorted.map((system) => (
          <TableRow key={system.key} hover selected={system.key === selected}>
            <TableCell>
              <Link
                component="button"
                type="button"
                variant="body2"
                onClick={() => onSelect(system.key)}
                sx={{ fontWeight: 600, textAlign: 'left' }}
              >
                {system.name}
              </Link>
              <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
                {system.vendor.name}
              </Typography>
            </TableCell>
            <TableCell sx={wide}>{kindWords[system.kind]}</TableCell>
            <TableCell>
              <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap' }}>
                <CoverageChip state={system.coverage.state} />
                {system.treatment === undefined ? null : (
                  <ToneChip tone="neutral" label={treatmentWords.kinds[system.treatment.kind]} />
                )}
                <WorkCount count={work.get(system.key)?.length} />
                {system.change === undefined ? null : <ToneChip tone="info" label={mapWords.change[system.change]} />}
              </Box>
            </TableCell>
            <TableCell sx={{ ...roomy, color: 'text.secondary', maxWidth: 420 }}>{system.coverage.reason}</TableCell>
            <TableCell sx={{ ...roomy, color: 'text.secondary', whiteSpace: 'nowrap' }}>
              <When at={system.lastSeen} as="relative" />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function WorkCount({ count = 0 }: { readonly count: number | undefined }): ReactNode {
  return count === 0 ? null : <ToneChip tone="warning" label={mapWords.workIn(count)} />;
}
