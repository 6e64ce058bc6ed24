import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { Problem } from '../api/client.js';
import { importWords } from '../words/requests.js';

/** Whether a file was refused for nothing but columns that can be skipped. */
export function onlyExtraColumns(error: Error | null): error is Problem {
  return (
    error instanceof Problem && error.errors.length > 0 && error.errors.every(({ code }) => code === 'COLUMN_UNKNOWN')
  );
}

/** The columns of a file that nobody knows, and the way on without them. */
export function ExtraColumns({ problem, onSkip }: { readonly problem: Problem; onSkip(): void }): ReactNode {
  return (
    <Alert severity="warning" variant="outlined">
      <AlertTitle>{importWords.extraTitle}</AlertTitle>
      <Box component="ul" sx={{ m: 0, mb: 1, pl: 2.5 }}>
        {problem.errors.map(({ field, message }) => (
          <li key={field}>{message}</li>
        ))}
      </Box>
      {importWords.extraBody}
      <Box sx={{ mt: 1.5 }}>
        <Button variant="outlined" size="small" onClick={onSkip}>
          {importWords.skipColumns}
        </Button>
      </Box>
    </Alert>
  );
}
