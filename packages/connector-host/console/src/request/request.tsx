import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import SearchOffIcon from '@mui/icons-material/SearchOff';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { host, Problem } from '../api/client.js';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnections, useConnectors } from '../connections/queries.js';
import { StateChip, TimingChip } from '../look/chips.js';
import { useNotify } from '../look/notify.js';
import { Facts, Page, Section } from '../look/page.js';
import { saveFile } from '../look/save-file.js';
import { ActionProblem, Empty, Failure, Loading } from '../look/states.js';
import { mono } from '../look/theme.js';
import { When } from '../look/when.js';
import { rightWords } from '../words/common.js';
import { requestWords } from '../words/request.js';
import { CancelDialog } from './cancel-dialog.js';
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
  const { requestId, state, timing, right, tasks, operations, identifiers } = request;
  const path = `/requests/${encodeURIComponent(requestId)}`;
  const { may } = useSession();
  const notify = useNotify();
  const client = useQueryClient();
  const { data: connections = [] } = useConnections();
  const { data: connectors = [] } = useConnectors();
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
  const open = state === 'pending' || state === 'processing' || state === 'waiting_for_person';
  return (
    <Page
      title={requestId}
      badge={
        <>
          <StateChip state={state} size="medium" />
          {open ? <TimingChip timing={timing} /> : null}
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
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
        }}
      >
        <Stack spacing={2.5}>
          <Section title={requestWords.person}>
            <Facts
              items={[
                ...identifiers.map(
                  ({ kind, value }, at) =>
                    [
                      `${labelOf(connectors, kind)}${identifiers.slice(0, at).some((one) => one.kind === kind) ? ` ${at + 1}` : ''}`,
                      <Box component="span" key={value} sx={{ fontFamily: mono, fontSize: '0.8125rem' }}>
                        {value}
                      </Box>,
                    ] as const,
                ),
                [requestWords.right, rightWords[right]],
                [requestWords.accepted, <When key="a" at={request.acceptedAt} />],
                ...(request.concludedAt === undefined
                  ? request.expectedBy === undefined
                    ? []
                    : ([[requestWords.expected, <When key="e" at={request.expectedBy} as="day" />]] as const)
                  : ([[requestWords.concluded, <When key="c" at={request.concludedAt} />]] as const)),
              ]}
            />
            <Typography
              variant="caption"
              component="p"
              sx={{ color: 'text.secondary', mt: identifiers.length === 0 || !may('requests:identify') ? 1 : 0 }}
            >
              {identifiers.length === 0 ? requestWords.purged : may('requests:identify') ? '' : requestWords.masked}
            </Typography>
          </Section>
          {tasks.length === 0 ? <Typography variant="body2">{requestWords.noTasks}</Typography> : null}
          {tasks.map((task) => {
            const connection = connections.find(({ id }) => id === task.connection);
            return (
              <TaskCard
                key={task.id}
                task={task}
                right={right}
                connection={connection}
                manifest={
                  connectors.find(({ id, state: usable }) => id === connection?.connector && usable === 'ready')
                    ?.manifest
                }
                operations={operations.filter(
                  ({ connection: at, id }) =>
                    at === task.connection &&
                    (task.operation === undefined || id === task.operation || operations.length > 1),
                )}
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

function labelOf(
  connectors: readonly {
    readonly manifest?: {
      readonly identities: { readonly kinds: readonly { readonly kind: string; readonly label: string }[] };
    };
  }[],
  kind: string,
): string {
  return (
    connectors.flatMap(({ manifest }) => manifest?.identities.kinds ?? []).find((one) => one.kind === kind)?.label ??
    kind
  );
}
