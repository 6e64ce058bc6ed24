import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { host } from '../api/client.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { requestWords } from '../words/request.js';

/** Takes a request back, as far as it was not submitted. */
export function CancelDialog({
  path,
  onClose,
  onDone,
}: {
  readonly path: string;
  onClose(): void;
  onDone(): void;
}): ReactNode {
  const title = useId();
  const notify = useNotify();
  const cancel = useMutation({
    mutationFn: () => host.post<{ refused?: readonly { message: string }[] }>(`${path}/cancel`),
    onSuccess: ({ refused }) => {
      if (refused === undefined) notify(requestWords.cancelled);
      else notify(requestWords.cancelledInPart(refused.map(({ message }) => message)), 'warning');
      onClose();
    },
    onSettled: onDone,
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" aria-labelledby={title}>
      <DialogTitle id={title} variant="h2" component="h2">
        {requestWords.cancelTitle}
      </DialogTitle>
      <DialogContent>
        <Typography variant="body2" sx={{ mb: 1 }}>
          {requestWords.cancelBody}
        </Typography>
        <ActionProblem error={cancel.error} />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{requestWords.keep}</Button>
        <Button variant="contained" color="error" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {requestWords.cancel}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
