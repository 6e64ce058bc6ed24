import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { host, query } from '../api/client.js';
import type { Connection, Removal, RequestPage } from '../api/model.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { connectionWords } from '../words/connections.js';

/** Removes a connection, after saying what that does to open requests. */
export function RemoveDialog({ connection, onClose }: { readonly connection: Connection; onClose(): void }): ReactNode {
  const title = useId();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const open = useQuery({
    queryKey: ['requests', 'open at', connection.id],
    queryFn: ({ signal }) =>
      host.get<RequestPage>(`/requests${query({ connection: connection.id, limit: 1 })}`, signal),
  });
  const remove = useMutation({
    mutationFn: () => host.delete<Removal>(`/connections/${encodeURIComponent(connection.id)}`),
    onSuccess: async () => {
      notify(connectionWords.removed);
      await navigate('/connections');
      await client.invalidateQueries();
    },
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby={title}>
      <DialogTitle id={title} variant="h2" component="h2">
        {connectionWords.removeTitle(connection.name)}
      </DialogTitle>
      <DialogContent>
        <Stack spacing={1.5}>
          <Typography variant="body2">{connectionWords.removeBody}</Typography>
          {open.data === undefined ? null : (
            <Typography variant="body2">
              {connectionWords.removeOpen(
                open.data.counts.pending + open.data.counts.processing + open.data.counts.waiting_for_person,
                open.data.countedTo,
              )}
            </Typography>
          )}
          <Typography variant="body2">{connectionWords.removeHistory}</Typography>
          <TextField
            label={connectionWords.removeType(connection.name)}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            size="small"
            slotProps={{ inputLabel: { shrink: true } }}
            sx={{ mt: '20px !important' }}
          />
          <ActionProblem error={remove.error} />
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button
          variant="contained"
          color="error"
          disabled={typed !== connection.name || remove.isPending}
          onClick={() => remove.mutate()}
        >
          {connectionWords.remove}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
