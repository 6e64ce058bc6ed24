import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { TextInput } from '../look/text-input.js';
import { RequestDialog } from '../requests/request-dialog.js';
import { clockWords, errorWords, leftoverWords } from '../words/request.js';
import { useAct } from './use-act.js';

/** The ends of a person whom a vendor could not know: handed in again with the id that it knows, or not needed. */
export function NotKnownEnds({ request }: { readonly request: RequestDetail }): ReactNode {
  const { may } = useSession();
  const [asking, setAsking] = useState<'correct' | 'close'>();
  const close = () => setAsking(undefined);
  return (
    <Stack direction="row" sx={{ gap: 1, mt: 1, flexWrap: 'wrap' }}>
      {may('requests:correct') ? (
        <Button variant="outlined" size="small" onClick={() => setAsking('correct')}>
          {leftoverWords.handIn}
        </Button>
      ) : null}
      {may('leftovers:close') ? (
        <Button variant="outlined" size="small" onClick={() => setAsking('close')}>
          {leftoverWords.notNeeded}
        </Button>
      ) : null}
      {asking === 'correct' ? <RequestDialog corrects={request} onClose={close} /> : null}
      {asking === 'close' ? <NotNeededDialog requestId={request.requestId} onClose={close} /> : null}
    </Stack>
  );
}

function NotNeededDialog({ requestId, onClose }: { readonly requestId: string; onClose(): void }): ReactNode {
  const [reason, setReason] = useState('');
  const end = useAct<object>('/requests/leftovers/close', leftoverWords.notNeededDone, onClose);
  return (
    <AskDialog
      title={leftoverWords.notNeededTitle}
      action={leftoverWords.notNeededSave}
      lacks={reason.trim() === ''}
      pending={end.isPending}
      error={end.error}
      onSubmit={() => end.mutate({ code: 'NO_KNOWN_USER_ID', requestId, outcome: 'not_needed', reason })}
      onClose={onClose}
    >
      <Typography variant="body2">{leftoverWords.notNeededBody}</Typography>
      <TextInput label={errorWords.reason} help={clockWords.noNames} lines={2} value={reason} onChange={setReason} />
    </AskDialog>
  );
}
