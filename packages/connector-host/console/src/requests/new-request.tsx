import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import { useTheme } from '@mui/material/styles';
import TextField from '@mui/material/TextField';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAbort } from '../api/abort.js';
import { host, Problem } from '../api/client.js';
import type { DryRun, RequestDetail } from '../api/model.js';
import { useConnections, useConnectors } from '../connections/queries.js';
import { FieldHelp } from '../form/help.js';
import { DialogForm } from '../look/dialog-form.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { newRequestWords } from '../words/requests.js';
import { ConfirmRequest } from './confirm-request.js';
import { type Entry, Identifiers, kindsOf } from './identifiers.js';
import { Targets } from './targets.js';

/** `dsr-20260131-4f2a`: today, and four characters that tell it from the next. */
function freshId(): string {
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return `dsr-${today}-${crypto.getRandomValues(new Uint16Array(1))[0]?.toString(16).padStart(4, '0')}`;
}

/** Takes in one person's request; what a deletion would do is shown before it is sent. */
export function NewRequest({ onClose }: { onClose(): void }): ReactNode {
  const title = useId();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'));
  const navigate = useNavigate();
  const notify = useNotify();
  const client = useQueryClient();
  const { data: connections = [], isSuccess } = useConnections();
  const { data: connectors = [] } = useConnectors();
  const kinds = kindsOf(connections, connectors);
  const [requestId, setRequestId] = useState(freshId);
  const [right, setRight] = useState<'deletion' | 'access'>('deletion');
  const [entries, setEntries] = useState<readonly Entry[]>([{ key: 0, kind: '', value: '' }]);
  const [chosen, setChosen] = useState<readonly string[] | undefined>();
  const body = {
    requestId,
    right,
    identifiers: entries.map(({ kind, value }) => ({ kind: kind || (kinds[0]?.kind ?? ''), value })),
    ...(chosen === undefined ? {} : { connections: chosen }),
  };
  const { signal, abort } = useAbort();
  const plan = useMutation({
    mutationFn: () => host.post<DryRun>('/requests/plan', { requests: [body] }, signal()),
  });
  const send = useMutation({
    mutationFn: (allowDoubtful: boolean) =>
      host.post<RequestDetail>('/requests', { ...body, ...(allowDoubtful ? { allowDoubtful } : {}) }, signal()),
    onSuccess: async (made) => {
      notify(newRequestWords.accepted);
      void client.invalidateQueries({ queryKey: ['requests'] });
      await navigate(`/requests/${encodeURIComponent(made.requestId)}`, { state: { arrived: true } });
    },
  });
  const failed = send.error ?? plan.error;
  const issues = failed instanceof Problem ? failed.errors : [];
  const issueOf = (field: string) => issues.find((one) => one.field === field || one.field.endsWith(`.${field}`));
  // Whatever was tried out was about something else.
  const changed = () => {
    plan.reset();
    send.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (plan.isPending || send.isPending) return;
    changed();
    if (right === 'deletion') plan.mutate();
    else send.mutate(false);
  };
  const cancel = () => {
    abort();
    if (send.isPending) notify(newRequestWords.stopped(requestId), 'info');
    onClose();
  };
  const frame = { open: true, onClose: cancel, fullWidth: true, maxWidth: 'sm', fullScreen: narrow } as const;
  if (plan.isSuccess) {
    return (
      <Dialog {...frame} aria-labelledby={title}>
        <ConfirmRequest
          title={title}
          requestId={requestId}
          run={plan.data}
          sending={send.isPending}
          error={send.error}
          onSend={send.mutate}
          onBack={changed}
          onCancel={cancel}
        />
      </Dialog>
    );
  }
  return (
    <Dialog {...frame} aria-labelledby={title}>
      <DialogForm onSubmit={submit}>
        <DialogTitle id={title} variant="h2" component="h2">
          {newRequestWords.title}
        </DialogTitle>
        <DialogContent dividers>
          <Stack spacing={3} sx={{ pt: 1 }} onChange={changed}>
            {isSuccess && connections.length === 0 ? (
              <Alert severity="warning">{newRequestWords.noConnections}</Alert>
            ) : null}
            <FormControl component="fieldset">
              <FormLabel component="legend" sx={{ typography: 'body2', fontWeight: 600, color: 'text.primary' }}>
                {newRequestWords.right}
              </FormLabel>
              <RadioGroup row value={right} onChange={(_event, value) => setRight(value as 'deletion' | 'access')}>
                <FormControlLabel value="deletion" control={<Radio size="small" />} label={newRequestWords.deletion} />
                <FormControlLabel value="access" control={<Radio size="small" />} label={newRequestWords.access} />
              </RadioGroup>
            </FormControl>
            <TextField
              label={newRequestWords.id}
              value={requestId}
              required
              onChange={(event) => setRequestId(event.target.value)}
              error={issueOf('requestId') !== undefined}
              helperText={<FieldHelp help={newRequestWords.idHelp} issue={issueOf('requestId')} />}
              slotProps={{
                inputLabel: { shrink: true },
                formHelperText: { component: 'div' },
                htmlInput: { spellCheck: false },
              }}
            />
            <Identifiers
              entries={entries}
              kinds={kinds}
              issues={issues}
              onChange={(next) => {
                setEntries(next);
                changed();
              }}
            />
            <Targets
              right={right}
              connections={connections}
              chosen={chosen}
              onChange={(next) => {
                setChosen(next);
                changed();
              }}
            />
            <ActionProblem
              error={
                issues.some(({ field }) => field.startsWith('identifiers') || field === 'requestId')
                  ? undefined
                  : failed
              }
            />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, py: 2, flexWrap: 'wrap', rowGap: 1 }}>
          <Button onClick={cancel}>{words.cancel}</Button>
          <Button type="submit" variant="contained" disabled={plan.isPending || send.isPending}>
            {plan.isPending
              ? newRequestWords.trying
              : send.isPending
                ? newRequestWords.sending
                : right === 'deletion'
                  ? newRequestWords.next
                  : newRequestWords.submitAccess}
          </Button>
        </DialogActions>
      </DialogForm>
    </Dialog>
  );
}
