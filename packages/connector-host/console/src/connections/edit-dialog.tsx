import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import { useTheme } from '@mui/material/styles';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ConnectorManifest } from 'connector-contract';
import { type FormEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { host, Problem } from '../api/client.js';
import type { Connection } from '../api/model.js';
import { CheckFindings } from '../connect/check-report.js';
import { useDraft } from '../form/draft.js';
import { FieldHelp } from '../form/help.js';
import { ManifestForm } from '../form/manifest-form.js';
import type { Draft } from '../form/visible.js';
import { DialogForm } from '../look/dialog-form.js';
import { useNotify } from '../look/notify.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { connectWords } from '../words/connect.js';
import { connectionWords } from '../words/connections.js';
import { useEndpointsAllowed } from './queries.js';

/** Props of {@link EditDialog}. */
export interface EditDialogProps {
  readonly connection: Connection;
  readonly manifest: ConnectorManifest;
  /** `secrets`: only the credentials, to be replaced. */
  readonly only: 'all' | 'secrets';
  onClose(): void;
}

/** Changes a connection. The change is checked first, and kept only where the check passes. */
export function EditDialog({ connection, manifest, only, onClose }: EditDialogProps): ReactNode {
  const endpointsAllowed = useEndpointsAllowed(manifest);
  const notify = useNotify();
  const client = useQueryClient();
  const title = useId();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'));
  const [name, setName] = useState(connection.name);
  const { initial, stored } = useMemo(() => partsOf(connection), [connection]);
  const draft = useDraft({ manifest, initial, endpointsAllowed, connection: connection.id });
  const save = useMutation({
    mutationFn: () => {
      const cleared = Object.keys(initial).filter((key) => draft.config[key] === undefined);
      const config = { ...draft.config, ...Object.fromEntries(cleared.map((key) => [key, null])) };
      const secrets = Object.fromEntries(Object.entries(draft.config).filter(([key]) => isSecret(manifest, key)));
      return host.patch(
        `/connections/${encodeURIComponent(connection.id)}`,
        only === 'secrets' ? { config: secrets } : { name, config },
      );
    },
    onSuccess: () => {
      notify(connectionWords.saved);
      onClose();
    },
    onError: (error) => {
      if (error instanceof Problem) draft.take(error.errors);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['connections'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.touchAll();
    save.mutate();
  };
  const report = save.error instanceof Problem ? save.error.report : undefined;
  const nameIssue = draft.issueOf('name');
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" fullScreen={narrow} aria-labelledby={title}>
      <DialogForm onSubmit={submit}>
        <DialogTitle id={title} variant="h2" component="h2">
          {only === 'secrets'
            ? connectionWords.replaceTitle(connection.name)
            : connectionWords.editTitle(connection.name)}
        </DialogTitle>
        <DialogContent dividers>
          <Stack spacing={3} sx={{ pt: 1 }}>
            {only === 'secrets' ? (
              <Typography variant="body2">{connectionWords.replaceLead}</Typography>
            ) : (
              <TextField
                label={connectWords.name}
                value={name}
                required
                onChange={(event) => setName(event.target.value)}
                error={nameIssue !== undefined}
                helperText={<FieldHelp help={connectWords.nameHelp} issue={nameIssue} />}
                slotProps={{ inputLabel: { shrink: true }, formHelperText: { component: 'div' } }}
              />
            )}
            <ManifestForm
              manifest={manifest}
              draft={draft}
              endpointsAllowed={endpointsAllowed}
              stored={stored}
              only={only}
            />
            {report === undefined ? (
              <ActionProblem error={save.error} />
            ) : (
              <CheckFindings report={report} manifest={manifest} />
            )}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, py: 2 }}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="contained" disabled={save.isPending}>
            {save.isPending ? connectWords.configuring : connectionWords.saveCheck}
          </Button>
        </DialogActions>
      </DialogForm>
    </Dialog>
  );
}

function partsOf({ config }: Connection): { readonly initial: Draft; readonly stored: ReadonlySet<string> } {
  const initial: Record<string, string | number | boolean> = {};
  const stored = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    if (typeof value === 'object') stored.add(key);
    else initial[key] = value;
  }
  return { initial, stored };
}

function isSecret(manifest: ConnectorManifest, key: string): boolean {
  return manifest.config.fields.some((field) => field.key === key && field.kind === 'secret');
}
