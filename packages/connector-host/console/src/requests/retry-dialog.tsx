import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { host } from '../api/client.js';
import { useConnectionNames } from '../connections/queries.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { requestsWords } from '../words/requests.js';

/** Tries everything in error again, at one connection or everywhere. */
export function RetryDialog({ connection, onClose }: { readonly connection: string; onClose(): void }): ReactNode {
  const title = useId();
  const notify = useNotify();
  const nameOf = useConnectionNames();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () =>
      host.post<{ retried: number; unsettled: number }>('/requests/retry', connection === '' ? {} : { connection }),
    onSuccess: ({ retried, unsettled }) => {
      notify(requestsWords.retried(retried, unsettled));
      onClose();
      void client.invalidateQueries({ queryKey: ['requests'] });
    },
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" aria-labelledby={title}>
      <DialogTitle id={title} variant="h2" component="h2">
        {requestsWords.retryTitle}
      </DialogTitle>
      <DialogContent>
        <Typography variant="body2" sx={{ mb: 1 }}>
          {requestsWords.retryBody(connection === '' ? undefined : nameOf(connection))}
        </Typography>
        <ActionProblem error={retry.error} />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button variant="contained" onClick={() => retry.mutate()} disabled={retry.isPending}>
          {requestsWords.retryAll}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
