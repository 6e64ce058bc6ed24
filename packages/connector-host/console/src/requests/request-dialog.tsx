import Dialog from '@mui/material/Dialog';
import { useTheme } from '@mui/material/styles';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId } from 'react';
import { useNavigate } from 'react-router';
import { useAbort } from '../api/abort.js';
import { host, Problem } from '../api/client.js';
import type { DryRun, RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnections, useConnectors } from '../connections/queries.js';
import { useNotify } from '../look/notify.js';
import { newRequestWords } from '../words/requests.js';
import { ConfirmRequest } from './confirm-request.js';
import { kindsOf } from './identifiers.js';
import { bodyOf, type Draft, useDraft, whereToCorrect } from './request-draft.js';
import { RequestForm } from './request-form.js';

/** Takes in one person's request, or one that corrects another; what a deletion would do is shown before it is sent. */
export function RequestDialog({
  corrects,
  onClose,
}: {
  readonly corrects?: RequestDetail;
  onClose(): void;
}): ReactNode {
  const title = useId();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'));
  const navigate = useNavigate();
  const notify = useNotify();
  const client = useQueryClient();
  const { may } = useSession();
  const { data: connections = [] } = useConnections();
  const { data: connectors = [] } = useConnectors();
  const kinds = kindsOf(connections, connectors);
  const [draft, setDraft] = useDraft(corrects, !may('requests:identify'));
  const { requestId, right, chosen } = draft;
  const body = bodyOf(draft, kinds);
  const { signal, abort } = useAbort();
  const plan = useMutation({
    mutationFn: () => {
      const where = corrects === undefined ? chosen : whereToCorrect(corrects);
      const one = { ...body, right, ...(where === undefined ? {} : { connections: where }) };
      return host.post<DryRun>('/requests/plan', { requests: [one] }, signal());
    },
  });
  const send = useMutation({
    mutationFn: (allowDoubtful: boolean) => {
      const more = allowDoubtful ? { allowDoubtful } : {};
      if (corrects !== undefined) {
        const path = `/requests/${encodeURIComponent(corrects.requestId)}/correct`;
        return host.post<RequestDetail>(path, { ...body, ...more }, signal());
      }
      const where = chosen === undefined ? {} : { connections: chosen };
      return host.post<RequestDetail>('/requests', { ...body, right, ...where, ...more }, signal());
    },
    onSuccess: async (made) => {
      notify(newRequestWords.accepted);
      // A dialog that stands in the address is left with it.
      if (corrects !== undefined) onClose();
      void client.invalidateQueries();
      await navigate(`/requests/${encodeURIComponent(made.requestId)}`, { state: { arrived: true } });
    },
  });
  // Whatever was tried out was about something else.
  const changed = () => {
    plan.reset();
    send.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (plan.isPending || send.isPending) return;
    changed();
    if (right === 'deletion') plan.mutate();
    else send.mutate(false);
  };
  const cancel = () => {
    abort();
    if (send.isPending) notify(newRequestWords.stopped(requestId), 'info');
    onClose();
  };
  const failed = send.error ?? plan.error;
  return (
    <Dialog open onClose={cancel} fullWidth maxWidth="sm" fullScreen={narrow} aria-labelledby={title}>
      {plan.isSuccess ? (
        <ConfirmRequest
          title={title}
          requestId={requestId}
          run={plan.data}
          sending={send.isPending}
          error={send.error}
          onSend={send.mutate}
          onBack={changed}
          onCancel={cancel}
        />
      ) : (
        <RequestForm
          title={title}
          draft={draft}
          kinds={kinds}
          corrects={corrects}
          issues={failed instanceof Problem ? failed.errors : []}
          error={failed}
          working={plan.isPending ? 'trying' : send.isPending ? 'sending' : undefined}
          onChange={(part: Partial<Draft>) => {
            setDraft({ ...draft, ...part });
            changed();
          }}
          onSubmit={submit}
          onCancel={cancel}
        />
      )}
    </Dialog>
  );
}
