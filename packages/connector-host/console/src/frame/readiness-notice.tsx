import Alert from '@mui/material/Alert';
import type { ReactNode } from 'react';
import { useReadiness } from '../api/readiness.js';
import { frameWords } from '../words/frame.js';

/** Loud on every page: what keeps the host, or another process of it, from its work, such as a full disk or clocks that are apart. */
export function ReadinessNotice(): ReactNode {
  const { data } = useReadiness();
  if (data === undefined) return null;
  if (data.ready) {
    const { processes = 'ok' } = data.checks;
    return processes === 'ok' ? null : (
      <Alert severity="warning" variant="filled" sx={{ mb: 2.5 }}>
        {processes}
      </Alert>
    );
  }
  const amiss = Object.entries(data.checks).filter(([, check]) => check !== 'ok');
  return (
    <Alert severity="error" variant="filled" sx={{ mb: 2.5 }}>
      {frameWords.notReady} {amiss.map(([part, check]) => frameWords.amiss(part, check)).join(' ')}
    </Alert>
  );
}
