import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { ReactNode } from 'react';
import { visuallyHidden } from './visually-hidden.js';

/** A short list as a table, with rows of its own making. */
export function Listing({
  name,
  columns,
  actions,
  children,
}: {
  /** For who cannot see it. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Heads the last column, of buttons, for who cannot see that they are some. */
  readonly actions?: string;
  /** Its rows. */
  readonly children: ReactNode;
}): ReactNode {
  return (
    // What scrolls sideways has to be reached by keyboard; what is hidden in it must not stick out of it.
    <TableContainer role="region" aria-label={name} tabIndex={0} sx={{ position: 'relative' }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            {columns.map((column) => (
              <TableCell key={column}>{column}</TableCell>
            ))}
            {actions === undefined ? null : (
              <TableCell>
                <Box component="span" sx={visuallyHidden}>
                  {actions}
                </Box>
              </TableCell>
            )}
          </TableRow>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </TableContainer>
  );
}
