import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Connection, Leftover, Operation, Task } from '../api/model.js';
import { FaultNotice } from '../connect/check-report.js';
import { useConnectionNames } from '../connections/queries.js';
import { SlowChip, StateChip } from '../look/chips.js';
import { Facts, Section } from '../look/page.js';
import { mono } from '../look/theme.js';
import { When } from '../look/when.js';
import { counted } from '../words/common.js';
import { requestWords } from '../words/request.js';
import { AwaitedAnswer, GivenAnswer } from './answer.js';
import { Destinations } from './destinations.js';
import { Settle } from './settle.js';

/** Props of {@link TaskCard}. */
export interface TaskCardProps {
  readonly task: Task;
  readonly right: 'deletion' | 'access';
  readonly connection: Connection | undefined;
  readonly manifest: ConnectorManifest | undefined;
  /** Whether its connector is known not to be usable. */
  readonly connectorAway: boolean;
  /** The batches that carried it. */
  readonly operations: readonly Operation[];
  /** What the request left over. */
  readonly leftovers: readonly Leftover[];
  /** Path of the request. */
  readonly path: string;
  onRetry: (() => void) | undefined;
  readonly retrying: boolean;
}

/** What is done for the person at one connection. */
export function TaskCard({
  task,
  connection,
  manifest,
  connectorAway,
  operations,
  leftovers,
  path,
  onRetry,
  retrying,
}: TaskCardProps): ReactNode {
  const { state, slow, error, ways = [], accessStep, concludedAt, expectedBy, basis, answer } = task;
  const name = useConnectionNames()(task.connection);
  // The host tries nothing again before somebody has decided.
  const undecided = operations.some((one) => one.id === task.operation && one.state === 'undecided');
  const waits =
    state !== 'pending'
      ? undefined
      : connection?.state === 'reconnect' || connection?.state === 'paused'
        ? requestWords.waitsFor[connection.state]
        : connectorAway
          ? requestWords.waitsFor.connector
          : requestWords.waitsFor.pending;
  const times: (readonly [string, ReactNode])[] = [
    ...(accessStep === undefined ? [] : ([[requestWords.accessStep, requestWords.access[accessStep]]] as const)),
    ...(basis === undefined ? [] : ([[requestWords.basis, requestWords.bases[basis]]] as const)),
    ...(concludedAt !== undefined
      ? ([[requestWords.concluded, <When key="c" at={concludedAt} />]] as const)
      : expectedBy !== undefined
        ? ([[requestWords.expected, <When key="e" at={expectedBy} as="day" />]] as const)
        : []),
  ];
  return (
    <Section
      title={name}
      lead={manifest?.displayName}
      action={
        <Stack direction="row" sx={{ gap: 0.75, flexWrap: 'wrap', justifyContent: 'flex-end' }}>
          <StateChip state={state} submission={basis === 'submission'} />
          {slow ? <SlowChip /> : null}
        </Stack>
      }
    >
      <Stack spacing={2}>
        {waits === undefined ? null : (
          <Alert severity={connection?.state === 'reconnect' ? 'error' : 'info'} variant="outlined">
            {waits}{' '}
            {connection?.state === 'reconnect' ? (
              <Link
                component={RouterLink}
                to={`/connections/${encodeURIComponent(connection.id)}?edit=secrets`}
                underline="always"
              >
                {name}
              </Link>
            ) : null}
          </Alert>
        )}
        {error === undefined ? null : (
          <Box>
            <FaultNotice fault={error} manifest={manifest} />
            {state === 'error' && ways.includes('retry') && onRetry !== undefined && !undecided ? (
              <Button variant="contained" onClick={onRetry} disabled={retrying} sx={{ mt: 1.5 }}>
                {requestWords.retry}
              </Button>
            ) : null}
          </Box>
        )}
        {task.waitsFor === 'answer' ? <AwaitedAnswer task={task} path={path} /> : null}
        {answer === undefined ? null : <GivenAnswer answer={answer} task={task} path={path} />}
        {times.length === 0 ? null : <Facts items={times} />}
        {operations.map((operation) => (
          <Batch key={operation.id} operation={operation} leftovers={leftovers} />
        ))}
      </Stack>
    </Section>
  );
}

function Batch({
  operation,
  leftovers,
}: {
  readonly operation: Operation;
  readonly leftovers: readonly Leftover[];
}): ReactNode {
  const { id, subjects, reference, vendorState, nextPollAt, finishedAt, exceptions, destinations, results } = operation;
  return (
    <Box sx={{ borderTop: 1, borderColor: 'line.main', pt: 2 }}>
      <Facts
        items={[
          [requestWords.batch, requestWords.batchOf(id, counted(subjects, 'person', 'people'))],
          ...(reference === undefined
            ? []
            : ([
                [
                  requestWords.reference,
                  <Box component="span" key="r" sx={{ fontFamily: mono, fontSize: '0.8125rem' }}>
                    {reference}
                  </Box>,
                ],
              ] as const)),
          ...(vendorState === undefined || vendorState === ''
            ? []
            : ([[requestWords.vendorState, vendorState]] as const)),
          ...(results === undefined ? [] : ([[requestWords.results, requestWords.resultsOf(results)]] as const)),
          ...(nextPollAt === undefined || finishedAt !== undefined
            ? []
            : ([[requestWords.nextLook, <When key="n" at={nextPollAt} as="relative" />]] as const)),
        ]}
      />
      {operation.state === 'undecided' ? <Settle operation={operation} /> : null}
      {exceptions.length === 0 ? null : (
        <Alert severity="warning" variant="outlined" sx={{ mt: 2 }}>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {requestWords.exceptions}
          </Typography>
          <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5 }}>
            {byReason(exceptions).map(([reason, systems]) => (
              <li key={reason}>
                <strong>{systems.join(', ')}</strong>: {reason}
              </li>
            ))}
          </Box>
        </Alert>
      )}
      {destinations.length === 0 ? null : (
        <Destinations destinations={destinations} connection={operation.connection} leftovers={leftovers} />
      )}
    </Box>
  );
}

/** Systems that are exceptions for the same reason, together. */
function byReason(exceptions: Operation['exceptions']): readonly (readonly [string, readonly string[]])[] {
  const reasons = new Map<string, string[]>();
  for (const { system, reason } of exceptions) reasons.set(reason, [...(reasons.get(reason) ?? []), system]);
  return [...reasons];
}
