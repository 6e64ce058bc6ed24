import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAbort } from '../api/abort.js';
import { host, Problem } from '../api/client.js';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnections, useConnectors } from '../connections/queries.js';
import { AskDialog } from '../look/ask-dialog.js';
import { TextInput } from '../look/text-input.js';
import { type Entry, Identifiers, kindsOf } from '../requests/identifiers.js';
import { errorWords } from '../words/request.js';
import { newRequestWords } from '../words/requests.js';

/** Hands the person of a request in error in again, under another id and with identifiers that are right. */
export function CorrectDialog(props: {
  readonly request: RequestDetail;
  readonly path: string;
  onClose(): void;
}): ReactNode {
  const { request, path, onClose } = props;
  const { may } = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: connections = [] } = useConnections();
  const { data: connectors = [] } = useConnectors();
  const kinds = kindsOf(connections, connectors);
  const [requestId, setRequestId] = useState(`${request.requestId}-corrected`);
  // Masked ones are no identifiers.
  const known = may('requests:identify') ? request.identifiers : [];
  const [entries, setEntries] = useState<readonly Entry[]>(
    known.length === 0 ? [{ key: 0, kind: '', value: '' }] : known.map((one, key) => ({ key, ...one })),
  );
  const { signal } = useAbort();
  const correct = useMutation({
    mutationFn: () => {
      const identifiers = entries.map(({ kind, value }) => ({ kind: kind || (kinds[0]?.kind ?? ''), value }));
      return host.post<RequestDetail>(`${path}/correct`, { requestId, identifiers }, signal());
    },
    onSuccess: async (made) => {
      onClose();
      await client.invalidateQueries();
      await navigate(`/requests/${encodeURIComponent(made.requestId)}`, { state: { arrived: true } });
    },
  });
  const issues = correct.error instanceof Problem ? correct.error.errors : [];
  return (
    <AskDialog
      title={errorWords.correctTitle}
      action={errorWords.correct}
      grave={request.right === 'deletion'}
      lacks={requestId.trim() === '' || entries.some(({ value }) => value === '')}
      pending={correct.isPending}
      error={correct.error}
      onSubmit={() => correct.mutate()}
      onClose={onClose}
    >
      <Typography variant="body2">{errorWords.correctBody(request.requestId)}</Typography>
      <TextInput label={newRequestWords.id} value={requestId} onChange={setRequestId} longest={200} />
      <Identifiers
        entries={entries}
        kinds={kinds}
        issues={issues}
        onChange={(next) => {
          setEntries(next);
          correct.reset();
        }}
      />
    </AskDialog>
  );
}
