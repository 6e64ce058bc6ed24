import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { host } from '../api/client.js';
import type { MadeAccessToken, Role } from '../api/model.js';
import { DialogForm } from '../look/dialog-form.js';
import { ActionProblem } from '../look/states.js';
import { TextInput } from '../look/text-input.js';
import { accessWords } from '../words/access.js';
import { roleWords, words } from '../words/common.js';
import { MadeToken } from './made-token.js';

const roles = Object.keys(roleWords) as readonly Role[];

/** The end of a day in the reader's zone; `undefined` for none, `null` where it has passed. */
function endOf(day: string): Date | null | undefined {
  if (day === '') return undefined;
  const end = new Date(`${day}T23:59:59`);
  return end.getTime() > Date.now() ? end : null;
}

/** Asks whose a new token is and what it may do, makes it, and shows it this once. */
export function MakeToken({ onClose }: { onClose(): void }): ReactNode {
  const title = useId();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [email, setEmail] = useState('');
  const [day, setDay] = useState('');
  const [tried, setTried] = useState(false);
  // Here and nowhere else: not in a cache that outlives the dialog.
  const [made, setMade] = useState<MadeAccessToken>();
  const expires = endOf(day);
  const make = useMutation({
    mutationFn: async (expiresAt: Date | undefined) => {
      const body = {
        name: name.trim(),
        role,
        ...(email.trim() === '' ? {} : { email: email.trim() }),
        ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
      };
      setMade(await host.post<MadeAccessToken>('/tokens', body));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (made !== undefined) return <MadeToken made={made} onClose={onClose} />;
  const nameless = name.trim() === '';
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby={title}>
      <DialogForm
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!nameless && expires !== null) make.mutate(expires);
        }}
      >
        <DialogTitle id={title} variant="h2" component="h2">
          {accessWords.make}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={2.5} sx={{ pt: 1 }}>
            <TextField
              autoFocus
              required
              label={accessWords.nameLabel}
              value={name}
              onChange={(event) => setName(event.target.value)}
              error={tried && nameless}
              helperText={tried && nameless ? accessWords.nameMissing : accessWords.nameHelp}
              size="small"
              autoComplete="off"
              slotProps={{ inputLabel: { shrink: true }, htmlInput: { maxLength: 100 } }}
            />
            <TextField
              select
              label={accessWords.roleLabel}
              value={role}
              onChange={(event) => setRole(event.target.value as Role)}
              helperText={accessWords.meanings[role]}
              size="small"
            >
              {roles.map((one) => (
                <MenuItem key={one} value={one}>
                  {roleWords[one]}
                </MenuItem>
              ))}
            </TextField>
            <TextInput
              optional
              label={accessWords.emailLabel}
              help={accessWords.emailHelp}
              longest={254}
              value={email}
              onChange={setEmail}
            />
            <TextField
              type="date"
              label={accessWords.expiresLabel}
              value={day}
              onChange={(event) => setDay(event.target.value)}
              error={expires === null}
              helperText={expires === null ? accessWords.expiresPast : accessWords.expiresHelp}
              size="small"
              slotProps={{ inputLabel: { shrink: true } }}
            />
            <ActionProblem error={make.error} />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="contained" disabled={make.isPending}>
            {accessWords.create}
          </Button>
        </DialogActions>
      </DialogForm>
    </Dialog>
  );
}
