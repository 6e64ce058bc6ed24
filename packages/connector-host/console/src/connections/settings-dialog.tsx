import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ConnectorManifest } from 'connector-contract';
import { type ReactNode, useId, useState } from 'react';
import { host } from '../api/client.js';
import type { Connection } from '../api/model.js';
import { DialogForm } from '../look/dialog-form.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { settingsWords } from '../words/connections.js';

/** Most people a month that the host takes as a quota. */
const most = 1_000_000_000;

/** The quota that was typed: `null` for none of its own, `undefined` where it is not a number that can be one. */
function quotaOf(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === '') return null;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= 1 && number <= most ? number : undefined;
}

/** What the host is to do otherwise with this connection than by default. */
export function SettingsDialog({
  connection,
  manifest,
  onClose,
}: {
  readonly connection: Connection;
  readonly manifest: ConnectorManifest;
  onClose(): void;
}): ReactNode {
  const [title, help] = [useId(), useId()];
  const notify = useNotify();
  const client = useQueryClient();
  const [repeat, setRepeat] = useState(connection.settings.repeatUncertain);
  const [typed, setTyped] = useState(connection.settings.monthlyQuota?.toString() ?? '');
  const quota = quotaOf(typed);
  const save = useMutation({
    mutationFn: () =>
      host.patch(`/connections/${encodeURIComponent(connection.id)}`, {
        settings: { repeatUncertain: repeat, monthlyQuota: quota },
      }),
    onSuccess: async () => {
      notify(settingsWords.saved);
      onClose();
      await client.invalidateQueries({ queryKey: ['connections'] });
    },
  });
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={title}>
      <DialogForm
        onSubmit={(event) => {
          event.preventDefault();
          if (quota !== undefined) save.mutate();
        }}
      >
        <DialogTitle id={title} variant="h2" component="h2">
          {settingsWords.editTitle(connection.name)}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={3} sx={{ pt: 1 }}>
            <div>
              <FormControlLabel
                control={
                  <Checkbox
                    checked={repeat}
                    onChange={(event) => setRepeat(event.target.checked)}
                    slotProps={{ input: { 'aria-describedby': help } }}
                  />
                }
                label={settingsWords.repeat}
              />
              <FormHelperText id={help}>{settingsWords.repeatHelp}</FormHelperText>
            </div>
            {manifest.limits.quota === undefined ? null : (
              <TextField
                label={settingsWords.quota}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                error={quota === undefined}
                helperText={
                  quota === undefined
                    ? settingsWords.quotaWrong(most)
                    : settingsWords.quotaHelp(manifest.limits.quota.subjects)
                }
                placeholder={String(manifest.limits.quota.subjects)}
                size="small"
                autoComplete="off"
                slotProps={{ inputLabel: { shrink: true }, htmlInput: { inputMode: 'numeric' } }}
              />
            )}
            <ActionProblem error={save.error} />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="contained" disabled={quota === undefined || save.isPending}>
            {settingsWords.save}
          </Button>
        </DialogActions>
      </DialogForm>
    </Dialog>
  );
}
