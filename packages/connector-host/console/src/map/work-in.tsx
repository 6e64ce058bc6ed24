import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { System } from '../api/model.js';
import { mapWords } from '../words/map.js';
import { WorkRows } from '../work/list.js';
import { useOpenWork } from '../work/queries.js';

/** The open work in a system. */
export function WorkIn({ system }: { readonly system: System }): ReactNode {
  const items = useOpenWork(system.connection).get(system.key);
  if (items === undefined) return null;
  return (
    <Box sx={{ borderTop: 1, borderColor: 'line.main', pt: 2, mt: 2 }}>
      <Typography variant="h3" sx={{ mb: 0.75 }}>
        {mapWords.work}
      </Typography>
      <WorkRows items={items} />
    </Box>
  );
}
