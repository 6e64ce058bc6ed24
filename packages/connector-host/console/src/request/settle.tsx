import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { host } from '../api/client.js';
import type { Operation } from '../api/model.js';
import { useSession } from '../api/session.js';
import { DialogForm } from '../look/dialog-form.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { settleWords } from '../words/request.js';

type Decision = 'resubmit' | 'confirm';

/** A batch of which nobody can tell whether the vendor has it: what happened, and the two ways out for who may decide. */
export function Settle({ operation }: { readonly operation: Operation }): ReactNode {
  const { may } = useSession();
  const [decision, setDecision] = useState<Decision>();
  return (
    <Alert severity="warning" variant="outlined" sx={{ mt: 2 }}>
      <AlertTitle>{settleWords.title}</AlertTitle>
      {settleWords.body}
      {may('requests:settle') ? (
        <Stack direction="row" sx={{ gap: 1, mt: 1.5, flexWrap: 'wrap' }}>
          <Button variant="outlined" size="small" onClick={() => setDecision('confirm')}>
            {settleWords.confirm}
          </Button>
          <Button variant="outlined" size="small" onClick={() => setDecision('resubmit')}>
            {settleWords.resubmit}
          </Button>
        </Stack>
      ) : null}
      {decision === undefined ? null : (
        <SettleDialog operation={operation} decision={decision} onClose={() => setDecision(undefined)} />
      )}
    </Alert>
  );
}

function SettleDialog({
  operation,
  decision,
  onClose,
}: {
  readonly operation: Operation;
  readonly decision: Decision;
  onClose(): void;
}): ReactNode {
  const title = useId();
  const notify = useNotify();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const reference = typed.trim();
  const lacks = decision === 'confirm' && reference === '';
  const settle = useMutation({
    mutationFn: () =>
      host.post(`/operations/${operation.id}/settle`, decision === 'confirm' ? { decision, reference } : { decision }),
    onSuccess: async () => {
      notify(settleWords.done[decision]);
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby={title}>
      <DialogForm
        onSubmit={(event) => {
          event.preventDefault();
          if (!lacks) settle.mutate();
        }}
      >
        <DialogTitle id={title} variant="h2" component="h2">
          {settleWords.titles[decision]}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={2}>
            <Typography variant="body2">{settleWords.bodies[decision](operation.subjects)}</Typography>
            {decision === 'confirm' ? (
              <TextField
                required
                label={settleWords.reference}
                helperText={settleWords.referenceHelp}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                size="small"
                autoComplete="off"
                slotProps={{ inputLabel: { shrink: true }, htmlInput: { maxLength: 200, spellCheck: false } }}
              />
            ) : null}
            <ActionProblem error={settle.error} />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="contained" disabled={lacks || settle.isPending}>
            {settleWords[decision]}
          </Button>
        </DialogActions>
      </DialogForm>
    </Dialog>
  );
}
