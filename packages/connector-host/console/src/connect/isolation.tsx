import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import type { ReactNode } from 'react';
import { useReadiness } from '../api/readiness.js';
import { isolationWords } from '../words/connect.js';

/** What keeps the connectors of this host apart from it. */
export function Isolation(): ReactNode {
  const { data } = useReadiness();
  if (data === undefined) return null;
  const { isolation, reason } = data;
  return (
    <Alert
      severity={isolation === 'wall' ? 'success' : 'info'}
      variant="outlined"
      role="note"
      icon={<ShieldIcon aria-hidden />}
      sx={{ mt: 3 }}
    >
      <AlertTitle>{isolationWords.titles[isolation]}</AlertTitle>
      {isolationWords.meanings[isolation]} {reason === undefined ? '' : isolationWords.noWall(reason)}
    </Alert>
  );
}
