import PowerIcon from '@mui/icons-material/PowerOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Connection } from '../api/model.js';
import { ConnectorIcon } from '../connect/icon.js';
import { Page } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { When } from '../look/when.js';
import { connectionWords } from '../words/connections.js';
import { accountFacts } from './fact-name.js';
import { HealthChip, QuotaMeter } from './health.js';
import { useConnections, useManifest } from './queries.js';

/** All connections, the ones in trouble first. */
export function Connections(): ReactNode {
  const found = useConnections();
  const urgency = { reconnect: 0, paused: 1, active: 2 };
  const sorted =
    found.data?.toSorted((a, b) => urgency[a.state] - urgency[b.state] || a.name.localeCompare(b.name)) ?? [];
  return (
    <Page
      title={connectionWords.title}
      lead={connectionWords.lead}
      actions={
        <Button component={RouterLink} to="/connect" state={{ arrived: true }} variant="contained">
          {connectionWords.add}
        </Button>
      }
    >
      {found.isPending ? <Loading rows={3} height={112} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.isSuccess && sorted.length === 0 ? (
        <Card>
          <Empty icon={PowerIcon} title={connectionWords.emptyTitle}>
            {connectionWords.empty}
          </Empty>
        </Card>
      ) : null}
      <Stack component="ul" spacing={1.5} sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {sorted.map((one) => (
          <ConnectionCard key={one.id} connection={one} />
        ))}
      </Stack>
    </Page>
  );
}

function ConnectionCard({ connection }: { readonly connection: Connection }): ReactNode {
  const { id, name, state, check } = connection;
  const manifest = useManifest(connection.connector);
  const account = accountFacts(connection.facts);
  const to = `/connections/${encodeURIComponent(id)}`;
  return (
    <Card
      component="li"
      sx={{ p: 2.5, ...(state === 'reconnect' ? { borderColor: 'error.main', borderWidth: 2 } : {}) }}
    >
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          alignItems: 'start',
          gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', lg: 'minmax(240px, 2fr) 1.2fr 1.4fr 1.4fr auto' },
        }}
      >
        <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center', minWidth: 0 }}>
          <ConnectorIcon icon={manifest?.icon} name={manifest?.displayName ?? name} />
          <Box sx={{ minWidth: 0 }}>
            <Typography variant="h2" sx={{ overflowWrap: 'anywhere' }}>
              <Link component={RouterLink} to={to} state={{ arrived: true }} color="inherit">
                {name}
              </Link>
            </Typography>
            <Typography variant="caption" sx={{ color: 'text.secondary' }}>
              {manifest?.displayName ?? connection.connector}
            </Typography>
          </Box>
        </Stack>
        <Cell label={connectionWords.columns.health}>
          <HealthChip connection={connection} />
          <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 0.5 }}>
            {connectionWords.columns.checked}:{' '}
            {check === undefined ? connectionWords.neverChecked : <When at={check.checkedAt} as="relative" />}
          </Typography>
        </Cell>
        <Cell label={connectionWords.columns.account}>
          {account.name ?? '—'}
          <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 0.5 }}>
            {account.rest}
          </Typography>
        </Cell>
        <Cell label={connectionWords.columns.quota}>
          <QuotaMeter connection={connection} manifest={manifest} />
        </Cell>
        {state === 'reconnect' ? (
          <Button component={RouterLink} to={`${to}?edit=secrets`} variant="contained" color="error">
            {connectionWords.replace}
          </Button>
        ) : (
          <Button
            component={RouterLink}
            to={to}
            state={{ arrived: true }}
            variant="outlined"
            aria-label={`${connectionWords.edit} ${name}`}
          >
            {connectionWords.edit}
          </Button>
        )}
      </Box>
    </Card>
  );
}

function Cell({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <Box sx={{ minWidth: 0, typography: 'body2', overflowWrap: 'anywhere' }}>
      <Typography variant="overline" component="p" sx={{ color: 'text.secondary', mb: 0.25 }}>
        {label}
      </Typography>
      {children}
    </Box>
  );
}
