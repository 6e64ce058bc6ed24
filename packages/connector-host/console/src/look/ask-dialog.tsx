import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import { type ReactNode, useId } from 'react';
import { words } from '../words/common.js';
import { DialogForm } from './dialog-form.js';
import { ActionProblem } from './states.js';

/** Props of {@link AskDialog}. */
export interface AskDialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly action: string;
  /** It erases, or cannot be taken back. */
  readonly grave?: boolean;
  /** Something is missing still. */
  readonly lacks?: boolean;
  readonly pending: boolean;
  readonly error: Error | null;
  onSubmit(): void;
  onClose(): void;
  readonly children: ReactNode;
}

/** A question with fields and two ways out. */
export function AskDialog(props: AskDialogProps): ReactNode {
  const { title, action, grave = false, lacks = false, pending, error, onSubmit, onClose, children } = props;
  const id = useId();
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={id}>
      <DialogForm
        onSubmit={(event) => {
          event.preventDefault();
          if (!lacks && !pending) onSubmit();
        }}
      >
        <DialogTitle id={id} variant="h2" component="h2">
          {title}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={2.5} sx={{ pt: 1 }}>
            {children}
            <ActionProblem error={error} />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="contained" color={grave ? 'error' : 'primary'} disabled={lacks || pending}>
            {action}
          </Button>
        </DialogActions>
      </DialogForm>
    </Dialog>
  );
}
