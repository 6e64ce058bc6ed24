import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import type { FieldIssue } from 'connector-contract';
import type { ReactNode } from 'react';
import { plain } from '../form/help.js';
import { doubtWords } from '../words/requests.js';

/** Why identifiers are doubtful, and what it means to send them all the same. */
export function Doubt({
  reasons,
  children,
}: {
  readonly reasons: readonly Pick<FieldIssue, 'field' | 'message' | 'remedy'>[];
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Alert severity="warning" variant="outlined">
      <AlertTitle>{doubtWords.title}</AlertTitle>
      <Box component="ul" sx={{ m: 0, mb: 1, pl: 2.5 }}>
        {reasons.map((one) => (
          <li key={`${one.field} ${one.message}`}>
            {plain(one)} {one.remedy}
          </li>
        ))}
      </Box>
      {doubtWords.means}
      {children}
    </Alert>
  );
}
