import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactNode, useId, useState } from 'react';
import type { MadeAccessToken } from '../api/model.js';
import { mono } from '../look/theme.js';
import { accessWords } from '../words/access.js';

/** A new token, to be copied: it is not shown a second time, so only the button closes this. */
export function MadeToken({ made, onClose }: { readonly made: MadeAccessToken; onClose(): void }): ReactNode {
  const title = useId();
  const [copied, setCopied] = useState(false);
  // A page that is not served by TLS or on loopback has no clipboard: the text can still be selected.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  return (
    <Dialog open maxWidth="sm" fullWidth aria-labelledby={title}>
      <DialogTitle id={title} variant="h2" component="h2">
        {accessWords.madeTitle(made.view.name)}
      </DialogTitle>
      <DialogContent>
        <Stack spacing={2.5} sx={{ pt: 1 }}>
          <Alert severity="warning" variant="outlined">
            {accessWords.madeBody}
          </Alert>
          <TextField
            label={accessWords.token}
            value={made.token}
            size="small"
            onFocus={(event) => event.target.select()}
            slotProps={{
              inputLabel: { shrink: true },
              htmlInput: { readOnly: true, spellCheck: false, style: { fontFamily: mono } },
            }}
          />
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        {clipboard === undefined ? null : (
          <Button onClick={() => void clipboard.writeText(made.token).then(() => setCopied(true))}>
            {copied ? accessWords.copied : accessWords.copy}
          </Button>
        )}
        <Button variant="contained" onClick={onClose}>
          {accessWords.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
