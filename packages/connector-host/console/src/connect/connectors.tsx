import ExtensionIcon from '@mui/icons-material/ExtensionOutlined';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Connector } from '../api/model.js';
import { useConnections, useConnectors } from '../connections/queries.js';
import { ToneChip } from '../look/chips.js';
import { Page, Section } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { words } from '../words/common.js';
import { connectWords } from '../words/connect.js';
import { ConnectorIcon } from './icon.js';
import { Isolation } from './isolation.js';

/** What is installed: to connect, or refused with the reason. */
export function Connectors(): ReactNode {
  const connectors = useConnectors();
  const { data: connections = [] } = useConnections();
  const ready = connectors.data?.filter(({ state }) => state === 'ready') ?? [];
  const refused = connectors.data?.filter(({ state }) => state === 'refused') ?? [];
  return (
    <Page title={connectWords.title} lead={connectWords.lead}>
      {connectors.isPending ? <Loading rows={2} height={160} /> : null}
      {connectors.isError ? <Failure error={connectors.error} again={() => void connectors.refetch()} /> : null}
      {connectors.isSuccess && ready.length === 0 ? (
        <Card>
          <Empty icon={ExtensionIcon} title={connectWords.emptyTitle}>
            {connectWords.empty}
          </Empty>
        </Card>
      ) : null}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 340px), 1fr))' }}>
        {ready.map(({ manifest }) =>
          manifest === undefined ? null : (
            <ConnectorCard
              key={manifest.id}
              manifest={manifest}
              count={connections.filter(({ connector }) => connector === manifest.id).length}
            />
          ),
        )}
      </Box>
      <Isolation />
      {refused.length === 0 ? null : (
        <Box sx={{ mt: 3 }}>
          <Section title={connectWords.refusedTitle} lead={connectWords.refusedLead}>
            <Stack spacing={1.5}>
              {refused.map((one) => (
                <Refusal key={`${one.packageName} ${one.id} ${one.code}`} connector={one} />
              ))}
            </Stack>
          </Section>
        </Box>
      )}
    </Page>
  );
}

function ConnectorCard({
  manifest,
  count,
}: {
  readonly manifest: ConnectorManifest;
  readonly count: number;
}): ReactNode {
  return (
    <Card component="article" sx={{ p: 2.5, display: 'flex', flexDirection: 'column', gap: 1.5 }}>
      <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center' }}>
        <ConnectorIcon icon={manifest.icon} name={manifest.displayName} />
        <Box sx={{ minWidth: 0 }}>
          <Typography variant="h2" sx={{ overflowWrap: 'anywhere' }}>
            {manifest.displayName}
          </Typography>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {manifest.vendor.name} · {manifest.version}
          </Typography>
        </Box>
      </Stack>
      <Typography variant="body2" sx={{ color: 'text.secondary', flex: 1, overflowWrap: 'anywhere' }}>
        {manifest.summary}
      </Typography>
      <Stack direction="row" sx={{ gap: 0.75, flexWrap: 'wrap' }}>
        {manifest.deletion === undefined ? null : <ToneChip tone="neutral" label={connectWords.erases} />}
        {manifest.systemDetection === undefined ? null : <ToneChip tone="neutral" label={connectWords.finds} />}
      </Stack>
      <Stack direction="row" sx={{ alignItems: 'center', justifyContent: 'space-between', gap: 1 }}>
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {connectWords.unnamed(count)}
        </Typography>
        <Button
          component={Link}
          to={`/connect/${encodeURIComponent(manifest.id)}`}
          state={{ arrived: true }}
          variant={count === 0 ? 'contained' : 'outlined'}
          aria-label={connectWords.connectNamed(manifest.displayName)}
        >
          {connectWords.connect}
        </Button>
      </Stack>
    </Card>
  );
}

/** Why a package is not run, and what to do about it. */
export function Refusal({ connector }: { readonly connector: Connector }): ReactNode {
  const { id, packageName, version, code, reason, remedy } = connector;
  return (
    <Alert severity="warning" variant="outlined" sx={{ overflowWrap: 'anywhere' }}>
      <AlertTitle>
        {id === packageName ? id : `${id} (${packageName})`} {version}
      </AlertTitle>
      {reason}
      {remedy === undefined ? null : (
        <Typography variant="body2" sx={{ mt: 0.5 }}>
          <strong>{words.remedy}:</strong> {remedy}
        </Typography>
      )}
      <Typography variant="caption" component="p" sx={{ mt: 0.5 }}>
        {code}
      </Typography>
    </Alert>
  );
}
