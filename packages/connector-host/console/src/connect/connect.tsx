import SearchOffIcon from '@mui/icons-material/SearchOff';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ConnectorManifest } from 'connector-contract';
import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import type { Connection } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnectors } from '../connections/queries.js';
import { Page } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { roleWords } from '../words/common.js';
import { connectWords } from '../words/connect.js';
import { AboutConnector } from './about.js';
import { ConnectForm } from './connect-form.js';
import { Connected } from './connected.js';
import { Refusal } from './connectors.js';
import { ConnectorIcon } from './icon.js';
import { SetupSteps } from './steps.js';

const parents = [{ label: connectWords.title, to: '/connect' }];

/** The walk-through: what the connector does, who may connect it, its steps, and the form beside them. */
export function Connect(): ReactNode {
  const { connector = '' } = useParams();
  const connectors = useConnectors();
  if (connectors.isPending) return <Loading rows={4} height={120} />;
  if (connectors.isError) return <Failure error={connectors.error} again={() => void connectors.refetch()} />;
  const found = connectors.data.filter(({ id }) => id === connector);
  const manifest = found.find(({ state }) => state === 'ready')?.manifest;
  if (manifest !== undefined) return <WalkThrough key={manifest.id} manifest={manifest} />;
  const [refused] = found;
  if (refused === undefined) return <Empty alone icon={SearchOffIcon} title={connectWords.unknown} />;
  return (
    <Page title={connectWords.notReady} parents={parents}>
      <Refusal connector={refused} />
    </Page>
  );
}

function WalkThrough({ manifest }: { readonly manifest: ConnectorManifest }): ReactNode {
  const { may } = useSession();
  const [made, setMade] = useState<Connection | undefined>();
  const allowed = may('connections:create', manifest.roles.host);
  if (made !== undefined) return <Connected connection={made} manifest={manifest} />;
  return (
    <Page
      title={connectWords.connectNamed(manifest.displayName)}
      badge={<ConnectorIcon icon={manifest.icon} name={manifest.displayName} size={28} />}
      parents={parents}
    >
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 5fr) minmax(0, 6fr)' },
        }}
      >
        <Stack spacing={2.5}>
          <AboutConnector manifest={manifest} />
          <SetupSteps manifest={manifest} />
        </Stack>
        <Stack spacing={2.5}>
          {allowed ? (
            <ConnectForm manifest={manifest} onMade={setMade} />
          ) : (
            <Alert severity="info" variant="outlined">
              {connectWords.notAllowed(manifest.roles.host.map((role) => roleWords[role]).join(', '))}
            </Alert>
          )}
          {manifest.setup.disclaimer === undefined ? null : (
            <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
              {manifest.setup.disclaimer}
            </Typography>
          )}
        </Stack>
      </Box>
    </Page>
  );
}
