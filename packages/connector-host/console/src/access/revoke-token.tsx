import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { host } from '../api/client.js';
import type { AccessToken } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { accessWords } from '../words/access.js';
import { words } from '../words/common.js';

/** Takes a token back, after saying what that does. */
export function RevokeToken({ token, onClose }: { readonly token: AccessToken; onClose(): void }): ReactNode {
  const title = useId();
  const notify = useNotify();
  const client = useQueryClient();
  const { session } = useSession();
  const revoke = useMutation({
    mutationFn: () => host.delete<AccessToken>(`/tokens/${encodeURIComponent(token.id)}`),
    onSuccess: async () => {
      notify(accessWords.revoked);
      onClose();
      await client.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby={title}>
      <DialogTitle id={title} variant="h2" component="h2">
        {accessWords.revokeTitle(token.name)}
      </DialogTitle>
      <DialogContent>
        <Stack spacing={1.5}>
          <Typography variant="body2">{accessWords.revokeBody}</Typography>
          {session.id === token.id ? (
            <Alert severity="warning" variant="outlined">
              {accessWords.revokeOwn}
            </Alert>
          ) : null}
          <ActionProblem error={revoke.error} />
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button variant="contained" color="error" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {accessWords.revoke}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
