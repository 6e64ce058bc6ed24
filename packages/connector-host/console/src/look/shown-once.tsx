import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactNode, useId, useState } from 'react';
import { words } from '../words/common.js';
import { mono } from './theme.js';

/** A secret, to be copied: it is not shown a second time, so only the button closes this. */
export function ShownOnce(props: {
  readonly title: string;
  readonly body: string;
  readonly label: string;
  readonly secret: string;
  onClose(): void;
}): ReactNode {
  const { title, body, label, secret, onClose } = props;
  const id = useId();
  const [copied, setCopied] = useState(false);
  // A page that is not served by TLS or on loopback has no clipboard: the text can still be selected.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  return (
    <Dialog open maxWidth="sm" fullWidth aria-labelledby={id}>
      <DialogTitle id={id} variant="h2" component="h2">
        {title}
      </DialogTitle>
      <DialogContent>
        <Stack spacing={2.5} sx={{ pt: 1 }}>
          <Alert severity="warning" variant="outlined">
            {body}
          </Alert>
          <TextField
            label={label}
            value={secret}
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
          <Button onClick={() => void clipboard.writeText(secret).then(() => setCopied(true))}>
            {copied ? words.copied : words.copy}
          </Button>
        )}
        <Button variant="contained" onClick={onClose}>
          {words.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
