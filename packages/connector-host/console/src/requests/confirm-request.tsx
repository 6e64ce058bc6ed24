import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { DryRun } from '../api/model.js';
import { useSession } from '../api/session.js';
import { DialogForm } from '../look/dialog-form.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { confirmWords, doubtWords, newRequestWords } from '../words/requests.js';
import { Doubt } from './doubt.js';
import { DryRunResult } from './dry-run.js';

/** Props of {@link ConfirmRequest}. */
export interface ConfirmRequestProps {
  /** Id of the dialog's title. */
  readonly title: string;
  readonly requestId: string;
  readonly run: DryRun;
  readonly sending: boolean;
  readonly error: Error | null;
  onSend(allowDoubtful: boolean): void;
  onBack(): void;
  onCancel(): void;
}

/** What a deletion would do, before it is sent: nothing was sent so far. */
export function ConfirmRequest(props: ConfirmRequestProps): ReactNode {
  const { title, requestId, run, sending, error, onSend, onBack, onCancel } = props;
  const { may } = useSession();
  const [meant, setMeant] = useState(false);
  const reasons = run.doubtful.flatMap((one) => one.reasons);
  const waits = reasons.length > 0 && !meant;
  return (
    <DialogForm
      onSubmit={(event) => {
        event.preventDefault();
        if (!sending) onSend(meant);
      }}
    >
      <DialogTitle id={title} variant="h2" component="h2">
        {confirmWords.title}
      </DialogTitle>
      <DialogContent dividers>
        <Stack spacing={2.5}>
          <Typography variant="body2">{confirmWords.lead(requestId)}</Typography>
          {reasons.length === 0 ? null : (
            <Doubt reasons={reasons}>
              {may('requests:allow') ? (
                <FormControlLabel
                  sx={{ display: 'flex', mt: 1 }}
                  control={<Checkbox size="small" checked={meant} onChange={(_event, checked) => setMeant(checked)} />}
                  label={doubtWords.meant}
                />
              ) : null}
            </Doubt>
          )}
          {/* Of a request that is held nothing is planned. */}
          {reasons.length > 0 ? (
            <Typography variant="body2">{meant ? doubtWords.goes : doubtWords.waits}</Typography>
          ) : (
            <DryRunResult run={run} />
          )}
          <ActionProblem error={error} />
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, py: 2, flexWrap: 'wrap', rowGap: 1 }}>
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button onClick={onBack} disabled={sending}>
          {words.back}
        </Button>
        <Button type="submit" variant="contained" color={waits ? 'primary' : 'error'} disabled={sending}>
          {sending ? newRequestWords.sending : waits ? newRequestWords.submitToWait : newRequestWords.submitDeletion}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
