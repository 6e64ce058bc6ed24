import SearchOffIcon from '@mui/icons-material/SearchOff';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CheckReport } from 'connector-contract';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { host } from '../api/client.js';
import type { Connection } from '../api/model.js';
import { useReadiness } from '../api/readiness.js';
import { useSession } from '../api/session.js';
import { CheckFindings } from '../connect/check-report.js';
import { useDialogAddress } from '../look/dialog-address.js';
import { useNotify } from '../look/notify.js';
import { Facts, Page, Section } from '../look/page.js';
import { ActionProblem, Empty, Failure, Loading } from '../look/states.js';
import { When } from '../look/when.js';
import { checkWords, isolationWords } from '../words/connect.js';
import { connectionWords, settingsWords } from '../words/connections.js';
import { ConfigFacts } from './config-facts.js';
import { ContactDialog, ContactSection } from './contact-section.js';
import { EditDialog } from './edit-dialog.js';
import { factName } from './fact-name.js';
import { HealthChip, QuotaMeter } from './health.js';
import { useConnections, useManifest } from './queries.js';
import { RemoveDialog } from './remove-dialog.js';
import { SettingsDialog } from './settings-dialog.js';
import { SettingsFacts } from './settings-facts.js';

const parents = [{ label: connectionWords.title, to: '/connections' }];

const dialogs = ['edit'] as const;

/** One connection: its health, its account, and what may be done with it. */
export function ConnectionPage(): ReactNode {
  const { id } = useParams();
  const found = useConnections();
  if (found.isPending) return <Loading rows={3} height={140} />;
  if (found.isError) return <Failure error={found.error} again={() => void found.refetch()} />;
  const connection = found.data.find((one) => one.id === id);
  if (connection !== undefined) return <Details connection={connection} />;
  return (
    <Empty
      alone
      icon={SearchOffIcon}
      title={connectionWords.missing}
      action={
        <Button component={Link} to="/connections" variant="outlined">
          {connectionWords.title}
        </Button>
      }
    >
      {connectionWords.missingBody}
    </Empty>
  );
}

const severities = { ready: 'success', degraded: 'warning', blocked: 'error' } as const;

function Details({ connection }: { readonly connection: Connection }): ReactNode {
  const { id, name, state, held, check, facts } = connection;
  const path = `/connections/${encodeURIComponent(id)}`;
  const manifest = useManifest(connection.connector);
  const isolation = useReadiness().data?.isolation;
  const { may } = useSession();
  const notify = useNotify();
  const client = useQueryClient();
  const { dialog, open, close } = useDialogAddress(dialogs);
  const refresh = () => client.invalidateQueries({ queryKey: ['connections'] });
  const checkNow = useMutation({
    mutationFn: () => host.post<CheckReport>(`${path}/check`),
    onSuccess: ({ status }) => notify(connectionWords.checked[status], severities[status]),
    onSettled: refresh,
  });
  const switchTo = useMutation({
    mutationFn: (wanted: 'active' | 'paused') => host.patch(path, { state: wanted }),
    onSuccess: (_answer, wanted) => notify(wanted === 'paused' ? connectionWords.paused : connectionWords.resumed),
    onSettled: refresh,
  });
  const mayChange = may('connections:change', manifest?.roles.host ?? ['super-admin']);
  const edit = dialog('edit');

  return (
    <Page
      title={name}
      badge={<HealthChip connection={connection} size="medium" />}
      lead={manifest?.displayName}
      parents={parents}
      actions={
        <>
          {may('connections:check') ? (
            <Button variant="outlined" onClick={() => checkNow.mutate()} disabled={checkNow.isPending}>
              {checkNow.isPending ? connectionWords.checking : connectionWords.checkNow}
            </Button>
          ) : null}
          {mayChange ? (
            <>
              {state === 'reconnect' ? null : (
                <Button
                  variant="outlined"
                  disabled={switchTo.isPending}
                  onClick={() => switchTo.mutate(state === 'paused' ? 'active' : 'paused')}
                >
                  {state === 'paused' ? connectionWords.resume : connectionWords.pause}
                </Button>
              )}
              <Button variant="outlined" onClick={() => open('edit', 'all')} disabled={manifest === undefined}>
                {connectionWords.edit}
              </Button>
              <Button
                variant={state === 'reconnect' ? 'contained' : 'outlined'}
                onClick={() => open('edit', 'secrets')}
                disabled={manifest === undefined}
              >
                {connectionWords.replace}
              </Button>
              <Button
                variant="outlined"
                color="error"
                onClick={() => open('edit', 'remove')}
                sx={{ color: 'error.main' }}
              >
                {connectionWords.remove}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <Stack spacing={2.5}>
        <ActionProblem error={checkNow.error ?? switchTo.error} />
        {manifest === undefined ? <Alert severity="warning">{connectionWords.missingConnector}</Alert> : null}
        {state === 'reconnect' ? (
          <Alert severity="error" variant="outlined">
            <AlertTitle>{connectionWords.reconnectTitle}</AlertTitle>
            {connectionWords.reconnectBody}
          </Alert>
        ) : null}
        {held === undefined ? null : (
          <Alert severity="warning" variant="outlined">
            {connectionWords.held(held.code)} <When at={held.until} />
          </Alert>
        )}
        <Box
          sx={{
            display: 'grid',
            gap: 2.5,
            alignItems: 'start',
            gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) minmax(0, 1fr)' },
          }}
        >
          <Section title={checkWords.title} lead={check === undefined ? undefined : <When at={check.checkedAt} />}>
            {check === undefined ? connectionWords.neverChecked : <CheckFindings report={check} manifest={manifest} />}
          </Section>
          <Stack spacing={2.5}>
            <Section title={connectionWords.account}>
              <Facts
                items={[
                  ...Object.entries(facts).map(([key, value]) => [factName(key), String(value)] as const),
                  ...(isolation === undefined
                    ? []
                    : ([[isolationWords.label, isolationWords.short[isolation]]] as const)),
                  [connectionWords.made, <When key="made" at={connection.createdAt} as="day" />],
                  [
                    connectionWords.columns.quota,
                    <QuotaMeter key="quota" connection={connection} manifest={manifest} />,
                  ],
                ]}
              />
              <Stack direction="row" sx={{ gap: 1, mt: 2, flexWrap: 'wrap' }}>
                <Button size="small" component={Link} to={`/requests?connection=${encodeURIComponent(id)}`}>
                  {connectionWords.requests}
                </Button>
                <Button size="small" component={Link} to={`/map?connection=${encodeURIComponent(id)}`}>
                  {connectionWords.systems}
                </Button>
              </Stack>
            </Section>
            <Section title={connectionWords.configuration}>
              <ConfigFacts connection={connection} manifest={manifest} />
            </Section>
            {manifest?.access.type === 'direct-contact' ? (
              <ContactSection
                connection={connection}
                onChange={mayChange ? () => open('edit', 'contact') : undefined}
              />
            ) : null}
            <Section
              title={settingsWords.title}
              action={
                mayChange && manifest !== undefined ? (
                  <Button size="small" onClick={() => open('edit', 'settings')}>
                    {settingsWords.change}
                  </Button>
                ) : null
              }
            >
              <SettingsFacts connection={connection} manifest={manifest} />
            </Section>
          </Stack>
        </Box>
      </Stack>
      {manifest !== undefined && (edit === 'all' || edit === 'secrets') && mayChange ? (
        <EditDialog key={edit} connection={connection} manifest={manifest} only={edit} onClose={close} />
      ) : null}
      {manifest !== undefined && edit === 'settings' && mayChange ? (
        <SettingsDialog connection={connection} manifest={manifest} onClose={close} />
      ) : null}
      {manifest?.access.type === 'direct-contact' && edit === 'contact' && mayChange ? (
        <ContactDialog connection={connection} onClose={close} />
      ) : null}
      {edit === 'remove' && mayChange ? <RemoveDialog connection={connection} onClose={close} /> : null}
    </Page>
  );
}
