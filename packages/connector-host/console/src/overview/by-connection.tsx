import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Connection, Overview } from '../api/model.js';
import { HealthChip, QuotaMeter } from '../connections/health.js';
import { useConnectors } from '../connections/queries.js';
import { Section } from '../look/page.js';
import { overviewWords } from '../words/overview.js';

/** One line for each connection. */
export function ByConnection({
  figures,
  connections,
}: {
  readonly figures: Overview;
  readonly connections: readonly Connection[];
}): ReactNode {
  const { data: connectors = [] } = useConnectors();
  if (connections.length === 0) return null;
  const { columns } = overviewWords;
  return (
    <Section title={overviewWords.byConnection} flush>
      <Box role="group" aria-label={overviewWords.byConnection} tabIndex={0} sx={{ overflowX: 'auto' }}>
        <Table size="small" sx={{ '& td, & th': { px: 2.5, py: 1.25 } }}>
          <TableHead>
            <TableRow>
              <TableCell>{columns.name}</TableCell>
              <TableCell>{columns.health}</TableCell>
              <TableCell align="right">{columns.open}</TableCell>
              <TableCell align="right">{columns.late}</TableCell>
              <TableCell align="right">{columns.errors}</TableCell>
              <TableCell>{columns.quota}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {connections.map((connection) => {
              const own = figures.connections.find(({ connection: id }) => id === connection.id);
              const of = (count: number | undefined) => (count ?? 0).toLocaleString();
              const id = encodeURIComponent(connection.id);
              return (
                <TableRow key={connection.id}>
                  <TableCell sx={{ fontWeight: 600 }}>
                    <Link component={RouterLink} to={`/connections/${id}`} state={{ arrived: true }} color="inherit">
                      {connection.name}
                    </Link>
                  </TableCell>
                  <TableCell>
                    <HealthChip connection={connection} />
                  </TableCell>
                  <TableCell align="right">{of(own?.open)}</TableCell>
                  <TableCell align="right" sx={{ color: (own?.late ?? 0) > 0 ? 'error.main' : 'inherit' }}>
                    {of(own?.late)}
                  </TableCell>
                  <TableCell align="right" sx={{ color: (own?.errors ?? 0) > 0 ? 'error.main' : 'inherit' }}>
                    {of(own?.errors)}
                  </TableCell>
                  <TableCell sx={{ minWidth: 200 }}>
                    <QuotaMeter
                      connection={connection}
                      manifest={connectors.find(({ id: one }) => one === connection.connector)?.manifest}
                    />
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </Box>
    </Section>
  );
}
