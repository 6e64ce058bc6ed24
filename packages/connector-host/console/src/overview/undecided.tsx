import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { host } from '../api/client.js';
import type { WorkPage } from '../api/model.js';
import { overviewWords } from '../words/overview.js';

/** What has to be said before all else: systems that a deletion does not reach, and nobody decided about. */
export function Undecided(): ReactNode {
  const { data } = useQuery({
    queryKey: ['work', 'undecided'],
    queryFn: ({ signal }) => host.get<WorkPage>('/work?kind=decide-system&state=open&limit=1', signal),
  });
  if (data === undefined || data.total === 0) return null;
  return (
    <Alert
      severity="warning"
      variant="outlined"
      action={
        <Button
          component={Link}
          to="/work?show=all&kind=decide-system"
          state={{ arrived: true }}
          color="inherit"
          size="small"
          sx={{ whiteSpace: 'nowrap' }}
        >
          {overviewWords.decide}
        </Button>
      }
    >
      {overviewWords.undecided(data.total, data.countedTo)}
    </Alert>
  );
}
