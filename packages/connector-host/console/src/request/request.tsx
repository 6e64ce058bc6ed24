import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import SearchOffIcon from '@mui/icons-material/SearchOff';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConnectorManifest } from 'connector-contract';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { host, Problem } from '../api/client.js';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnections, useConnectors } from '../connections/queries.js';
import { onSubmission, StateChip, TimingChip } from '../look/chips.js';
import { useNotify } from '../look/notify.js';
import { Page, Section } from '../look/page.js';
import { saveFile } from '../look/save-file.js';
import { ActionProblem, Empty, Failure, Loading } from '../look/states.js';
import { requestWords } from '../words/request.js';
import { CancelDialog } from './cancel-dialog.js';
import { Clock } from './clock.js';
import { ErrorEnds } from './error-ends.js';
import { Leftovers } from './leftovers.js';
import { Person } from './person.js';
import { TaskCard } from './task-card.js';
import { Timeline } from './timeline.js';

const parents = [{ label: requestWords.parents, to: '/requests' }];

/** One person's request: where it stands, what the vendor says, what happened. */
export function Request(): ReactNode {
  const { requestId = '' } = useParams();
  const found = useQuery({
    queryKey: ['request', requestId],
    queryFn: ({ signal }) => host.get<RequestDetail>(`/requests/${encodeURIComponent(requestId)}`, signal),
  });
  if (found.isPending) return <Loading rows={4} height={110} />;
  if (found.data !== undefined) return <Details request={found.data} />;
  if (!(found.error instanceof Problem) || found.error.status !== 404) {
    return <Failure error={found.error} again={() => void found.refetch()} />;
  }
  return (
    <Empty
      alone
      icon={SearchOffIcon}
      title={requestWords.missing}
      action={
        <Button component={Link} to="/requests" variant="outlined">
          {requestWords.parents}
        </Button>
      }
    >
      {requestWords.missingBody}
    </Empty>
  );
}

function Details({ request }: { readonly request: RequestDetail }): ReactNode {
  const { requestId, state, timing, right, tasks, operations } = request;
  const path = `/requests/${encodeURIComponent(requestId)}`;
  const { may } = useSession();
  const notify = useNotify();
  const client = useQueryClient();
  const { data: connections = [] } = useConnections();
  const { data: connectors = [], isSuccess: connectorsKnown } = useConnectors();
  const [asking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ['request', requestId] });
  const retry = useMutation({
    mutationFn: (task?: number) => host.post(`${path}/retry`, task === undefined ? {} : { task }),
    onSuccess: () => notify(requestWords.retried),
    onSettled: refresh,
  });
  const receipt = useMutation({
    mutationFn: () => host.text(`${path}/receipt`),
    onSuccess: (jws) =>
      saveFile(
        new Blob([jws.trim()], { type: 'application/jose' }),
        `receipt-${requestId.replaceAll(/[^\w.-]/g, '_')}.jws`,
      ),
  });
  const manifestOf = (id: string) => {
    const connection = connections.find((one) => one.id === id);
    return connectors.find((one) => one.id === connection?.connector && one.state === 'ready')?.manifest;
  };
  const open = state === 'pending' || state === 'processing' || state === 'waiting_for_person';
  return (
    <Page
      title={requestId}
      badge={
        <>
          <StateChip
            state={state}
            submission={onSubmission(tasks)}
            closed={request.closed !== undefined}
            size="medium"
          />
          {request.settledAt === undefined ? <TimingChip timing={timing} /> : null}
        </>
      }
      parents={parents}
      actions={
        <>
          {open && may('requests:cancel') ? (
            <Button variant="outlined" onClick={() => setAsking(true)}>
              {requestWords.cancel}
            </Button>
          ) : null}
          {!open && may('receipts:read') ? (
            <Tooltip title={requestWords.receiptHelp}>
              <Button
                variant="outlined"
                startIcon={<DownloadIcon />}
                onClick={() => receipt.mutate()}
                disabled={receipt.isPending}
              >
                {requestWords.receipt}
              </Button>
            </Tooltip>
          ) : null}
        </>
      }
    >
      <ActionProblem error={retry.error ?? receipt.error} />
      <ErrorEnds request={request} path={path} />
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
        }}
      >
        <Stack spacing={2.5}>
          {state === 'left_over' ? <LeftOverSentence request={request} manifestOf={manifestOf} /> : null}
          <Person request={request} path={path} connectors={connectors} />
          <Clock request={request} path={path} />
          <Leftovers request={request} />
          {tasks.length === 0 ? <Typography variant="body2">{requestWords.noTasks}</Typography> : null}
          {tasks.map((task) => {
            const connection = connections.find(({ id }) => id === task.connection);
            return (
              <TaskCard
                key={task.id}
                task={task}
                right={right}
                connection={connection}
                manifest={manifestOf(task.connection)}
                connectorAway={connectorsKnown && connection !== undefined && manifestOf(task.connection) === undefined}
                operations={operations.filter(
                  ({ connection: at, id }) =>
                    at === task.connection &&
                    (task.operation === undefined || id === task.operation || operations.length > 1),
                )}
                leftovers={request.leftovers}
                path={path}
                onRetry={may('requests:retry') ? () => retry.mutate(task.id) : undefined}
                retrying={retry.isPending}
              />
            );
          })}
        </Stack>
        <Section title={requestWords.timeline}>
          <Timeline entries={request.timeline} several={tasks.length > 1} />
        </Section>
      </Box>
      {asking ? <CancelDialog path={path} onClose={() => setAsking(false)} onDone={refresh} /> : null}
    </Page>
  );
}

/** `Done in Twilio Segment; 6 systems left.` What rests on its submission alone is not called done. */
function LeftOverSentence(props: {
  readonly request: RequestDetail;
  manifestOf(connection: string): ConnectorManifest | undefined;
}): ReactNode {
  const ended = props.request.tasks.filter(({ state }) => state === 'complete' || state === 'complete_with_exceptions');
  const vendorsOf = (how: 'vendor' | 'submission' | 'person' | 'nobody-known') => {
    const there = ended.filter(({ basis }) => (basis ?? 'vendor') === how);
    const names = there.map(({ connection }) => props.manifestOf(connection)?.vendor.name ?? requestWords.vendor);
    return [...new Set(names)].join(', ');
  };
  const open = props.request.leftovers.filter((one) => one.state === 'open');
  const systems = new Set(
    open.flatMap(({ connection, system, name, code }) =>
      code === 'NO_KNOWN_USER_ID' ? [] : [`${connection} ${system ?? name}`],
    ),
  );
  const idMissing = open.some(({ code }) => code === 'NO_KNOWN_USER_ID');
  return (
    <Alert severity="warning" variant="outlined">
      {requestWords.doneIn(
        {
          done: vendorsOf('vendor'),
          submitted: vendorsOf('submission'),
          said: vendorsOf('person'),
          unknown: vendorsOf('nobody-known'),
        },
        systems.size,
        idMissing,
      )}
    </Alert>
  );
}
