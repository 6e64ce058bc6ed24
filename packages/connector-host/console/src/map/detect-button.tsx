import RadarIcon from '@mui/icons-material/Radar';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { host } from '../api/client.js';
import type { Detection } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useNotify } from '../look/notify.js';
import { When } from '../look/when.js';
import { mapWords } from '../words/map.js';
import { useDetections } from './queries.js';

/** When somebody looked last, and how to look now. */
export function DetectButton({ connection }: { readonly connection: string }): ReactNode {
  const { may } = useSession();
  const notify = useNotify();
  const client = useQueryClient();
  const { data: detections } = useDetections(connection);
  const latest = detections?.[0];
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ['detections'] });
    await client.invalidateQueries({ queryKey: ['systems'] });
  };
  const detect = useMutation({
    mutationFn: () => host.post<Detection>(`/connections/${encodeURIComponent(connection)}/detections?wait=60`),
    onSuccess: ({ state, error, found, added, gone }) => {
      if (state === 'failed') notify(error?.message ?? mapWords.lastFailed, 'error');
      else if (state === 'running') notify(mapWords.detectionRuns, 'info');
      else notify(mapWords.detected(found, added, gone));
    },
    onError: (error) => notify(error.message, 'error'),
    onSettled: refresh,
  });
  // What was running when the page was opened ends by itself.
  const state = latest?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of a detection is a reason.
  useEffect(() => {
    if (state !== undefined && state !== 'running') void client.invalidateQueries({ queryKey: ['systems'] });
  }, [state]);
  const busy = detect.isPending || state === 'running';
  return (
    <>
      <Typography
        variant="caption"
        sx={{ color: latest?.state === 'failed' ? 'error.main' : 'text.secondary', alignSelf: 'center' }}
      >
        {latest === undefined ? null : (
          <>
            {latest.state === 'failed' ? mapWords.lastFailed : mapWords.last}:{' '}
            <When at={latest.finishedAt ?? latest.startedAt} as="relative" />
          </>
        )}
      </Typography>
      {may('detections:run') ? (
        <Button variant="outlined" startIcon={<RadarIcon />} disabled={busy} onClick={() => detect.mutate()}>
          {busy ? mapWords.detecting : mapWords.detect}
        </Button>
      ) : null}
    </>
  );
}
