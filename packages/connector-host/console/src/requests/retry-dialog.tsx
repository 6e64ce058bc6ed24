import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAbort } from '../api/abort.js';
import { host } from '../api/client.js';
import type { ErrorGroup } from '../api/model.js';
import { useConnectionNames, useConnections } from '../connections/queries.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { Failure, Loading } from '../look/states.js';
import { useSystemSummary } from '../map/queries.js';
import { type Retried, requestsWords, retryWords } from '../words/requests.js';
import { useTypedCount } from './typed-count.js';

/** Tries everything in error again, by cause: how many people it is about and what it costs stand there before it is done. */
export function RetryDialog({ connection, onClose }: { readonly connection: string; onClose(): void }): ReactNode {
  const errors = useQuery({
    queryKey: ['requests', 'errors'],
    queryFn: async ({ signal }) => (await host.get<{ items: readonly ErrorGroup[] }>('/errors', signal)).items,
    // What is confirmed is what was read.
    staleTime: 0,
  });
  const groups = errors.data?.filter((one) => connection === '' || one.connection === connection);
  const [cause, setCause] = useState('');
  const notify = useNotify();
  const client = useQueryClient();
  const { signal } = useAbort();
  const chosen = (groups ?? []).filter((one) => cause === '' || keyOf(one) === cause);
  const [only] = chosen;
  const where = cause === '' ? connection : only?.connection;
  const people = chosen.reduce((sum, { retryable }) => sum + retryable, 0);
  const typed = useTypedCount(people);
  const retry = useMutation({
    mutationFn: () =>
      host.post<Retried>(
        '/requests/retry',
        { ...(where ? { connection: where } : {}), ...(cause === '' || !only ? {} : { code: only.code }) },
        signal(),
      ),
    onSuccess: (done) => {
      notify(requestsWords.retried(done));
      onClose();
      void client.invalidateQueries({ queryKey: ['requests'] });
    },
  });
  return (
    <AskDialog
      title={requestsWords.retryTitle}
      action={retryWords.action(people)}
      grave
      lacks={people === 0 || !typed.confirmed}
      pending={retry.isPending}
      error={retry.error}
      onSubmit={() => retry.mutate()}
      onClose={onClose}
    >
      <Typography variant="body2">{retryWords.body}</Typography>
      {errors.isError ? <Failure error={errors.error} again={() => void errors.refetch()} /> : null}
      {groups === undefined ? (
        errors.isError ? null : (
          <Loading rows={2} />
        )
      ) : (
        <RadioGroup
          aria-label={retryWords.cause}
          value={cause}
          onChange={(_event, value) => {
            setCause(value);
            typed.clear();
          }}
        >
          <Choice value="" label={retryWords.all} groups={groups} />
          {groups.map((one) => (
            <Choice key={keyOf(one)} value={keyOf(one)} label={one.error.message} groups={[one]} />
          ))}
        </RadioGroup>
      )}
      {[...new Set(chosen.map((one) => one.connection))].map((id) => (
        <Reach key={id} connection={id} identifiers={sumOf(chosen.filter((one) => one.connection === id))} />
      ))}
      {typed.field}
    </AskDialog>
  );
}

const keyOf = ({ connection, code }: ErrorGroup) => `${connection} ${code}`;
const sumOf = (groups: readonly ErrorGroup[]) => groups.reduce((sum, { identifiers }) => sum + identifiers, 0);

function Choice(props: {
  readonly value: string;
  readonly label: string;
  readonly groups: readonly ErrorGroup[];
}): ReactNode {
  const { value, label, groups } = props;
  const people = groups.reduce((sum, one) => sum + one.people, 0);
  const retryable = groups.reduce((sum, one) => sum + one.retryable, 0);
  return (
    <FormControlLabel
      value={value}
      control={<Radio size="small" />}
      sx={{ alignItems: 'flex-start', mb: 1 }}
      label={
        <>
          <Typography variant="body2">{label}</Typography>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {retryWords.people(people, retryable)}
          </Typography>
        </>
      }
    />
  );
}

/** What trying again would cost at a connection, and what it does not reach. */
function Reach({ connection, identifiers }: { readonly connection: string; readonly identifiers: number }): ReactNode {
  const nameOf = useConnectionNames();
  const { data: connections = [] } = useConnections();
  const { data: systems } = useSystemSummary(connection);
  const left = connections.find(({ id }) => id === connection)?.quota?.remaining;
  const missed = systems === undefined || systems.total === 0 ? undefined : systems.total - systems.reached;
  return (
    <Typography variant="body2">
      <strong>{nameOf(connection)}</strong>: {retryWords.cost(identifiers, left)} {retryWords.missed(missed)}
    </Typography>
  );
}
