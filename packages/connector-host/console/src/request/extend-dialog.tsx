import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { RequestDetail } from '../api/model.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useDueDay } from '../look/due-day.js';
import { TextInput } from '../look/text-input.js';
import { clockWords } from '../words/request.js';
import { useAct } from './use-act.js';

/** Extends the time that the law gives, once, with a reason. */
export function ExtendDialog(props: {
  readonly path: string;
  readonly request: Pick<RequestDetail, 'dueAt' | 'jurisdiction'>;
  onClose(): void;
}): ReactNode {
  const { path, request, onClose } = props;
  const dueDay = useDueDay();
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const extend = useAct<{ readonly until: string; readonly reason: string }>(
    `${path}/extend`,
    clockWords.extended,
    onClose,
  );
  return (
    <AskDialog
      title={clockWords.extendTitle}
      action={clockWords.extend}
      lacks={until === '' || reason.trim() === ''}
      pending={extend.isPending}
      error={extend.error}
      onSubmit={() => extend.mutate({ until, reason })}
      onClose={onClose}
    >
      <Typography variant="body2">
        {clockWords.extendBody(dueDay(request.dueAt))} {clockWords.extensions[request.jurisdiction]}
      </Typography>
      <TextInput type="date" label={clockWords.until} value={until} onChange={setUntil} />
      <TextInput
        label={clockWords.extensionReason}
        help={clockWords.noNames}
        value={reason}
        lines={2}
        onChange={setReason}
      />
    </AskDialog>
  );
}
