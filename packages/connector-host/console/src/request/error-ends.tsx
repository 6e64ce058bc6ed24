import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { TextInput } from '../look/text-input.js';
import { When } from '../look/when.js';
import { RequestDialog } from '../requests/request-dialog.js';
import { clockWords, errorWords } from '../words/request.js';
import { useAct } from './use-act.js';

/** How the error of a request ends beside trying again: by another request, or by somebody who closes it. */
export function ErrorEnds({ request, path }: { readonly request: RequestDetail; readonly path: string }): ReactNode {
  const { state, closed, tasks } = request;
  const { may } = useSession();
  const [asking, setAsking] = useState<'correct' | 'close'>();
  if (closed !== undefined) {
    return (
      <Alert severity="info" variant="outlined" sx={{ mb: 2.5 }}>
        <AlertTitle>{errorWords.closedTitle}</AlertTitle>
        {closed.reason} (<When at={closed.at} />)
      </Alert>
    );
  }
  if (state !== 'error') return null;
  const mayCorrect = may('requests:correct') && tasks.some(({ ways }) => ways?.includes('correct') === true);
  const mayClose = may('requests:close');
  if (!mayCorrect && !mayClose) return null;
  const close = () => setAsking(undefined);
  return (
    <Alert severity="error" variant="outlined" sx={{ mb: 2.5 }}>
      <AlertTitle>{errorWords.title}</AlertTitle>
      {errorWords.body}
      <Stack direction="row" sx={{ gap: 1, mt: 1.5, flexWrap: 'wrap' }}>
        {mayCorrect ? (
          <Button variant="outlined" size="small" onClick={() => setAsking('correct')}>
            {errorWords.correct}
          </Button>
        ) : null}
        {mayClose ? (
          <Button variant="outlined" size="small" onClick={() => setAsking('close')}>
            {errorWords.close}
          </Button>
        ) : null}
      </Stack>
      {asking === 'correct' ? <RequestDialog corrects={request} onClose={close} /> : null}
      {asking === 'close' ? <CloseDialog path={path} onClose={close} /> : null}
    </Alert>
  );
}

function CloseDialog({ path, onClose }: { readonly path: string; onClose(): void }): ReactNode {
  const [reason, setReason] = useState('');
  const end = useAct<{ readonly reason: string }>(`${path}/close`, errorWords.closed, onClose);
  return (
    <AskDialog
      title={errorWords.closeTitle}
      action={errorWords.close}
      lacks={reason.trim() === ''}
      pending={end.isPending}
      error={end.error}
      onSubmit={() => end.mutate({ reason })}
      onClose={onClose}
    >
      <Typography variant="body2">{errorWords.closeBody}</Typography>
      <TextInput label={errorWords.reason} help={clockWords.noNames} lines={2} value={reason} onChange={setReason} />
    </AskDialog>
  );
}
