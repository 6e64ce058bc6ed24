import Alert from '@mui/material/Alert';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readyPath } from '../base-path.js';
import { frameWords } from '../words/frame.js';

interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Loud on every page: what keeps the host from its work, such as a full disk or clocks that are apart. */
export function ReadinessNotice(): ReactNode {
  const { data } = useQuery({
    queryKey: ['readiness'],
    // It answers 503, with the reasons, where something is amiss; a host that does not answer is told of elsewhere.
    queryFn: async ({ signal }) => (await (await fetch(readyPath, { signal })).json()) as Readiness,
    refetchInterval: 30_000,
    retry: false,
  });
  if (data === undefined || data.ready) return null;
  const amiss = Object.entries(data.checks).filter(([, check]) => check !== 'ok');
  return (
    <Alert severity="error" variant="filled" sx={{ mb: 2.5 }}>
      {frameWords.notReady} {amiss.map(([part, check]) => frameWords.amiss(part, check)).join(' ')}
    </Alert>
  );
}
