import CheckCircleIcon from '@mui/icons-material/CheckCircle';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import type { ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Connection } from '../api/model.js';
import { OutLink } from '../look/out-link.js';
import { Page, Section } from '../look/page.js';
import { checkWords, connectWords } from '../words/connect.js';
import { CheckFindings } from './check-report.js';

/** After connecting: what the check found, and where to go from here. */
export function Connected({
  connection,
  manifest,
}: {
  readonly connection: Connection;
  readonly manifest: ConnectorManifest;
}): ReactNode {
  const { check } = connection;
  const { nextSteps } = manifest.setup;
  const lead = [
    manifest.systemDetection === undefined ? '' : connectWords.doneDetecting,
    manifest.deletion === undefined ? '' : connectWords.doneDeleting,
  ].join(' ');
  return (
    <Page title={connectWords.doneTitle(connection.name)} lead={lead}>
      <Stack spacing={2.5} sx={{ maxWidth: 760 }}>
        <Alert
          severity={check?.status === 'degraded' ? 'warning' : 'success'}
          icon={<CheckCircleIcon />}
          variant="outlined"
        >
          {check?.status === 'degraded' ? connectWords.degradedTitle : connectWords.readyTitle}
        </Alert>
        <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
          {manifest.deletion === undefined ? null : (
            <Button component={Link} to="/requests?new=1" variant="contained">
              {connectWords.toRequests}
            </Button>
          )}
          {manifest.systemDetection === undefined ? null : (
            <Button component={Link} to={`/map?connection=${encodeURIComponent(connection.id)}`} variant="outlined">
              {connectWords.toMap}
            </Button>
          )}
          <Button component={Link} to={`/connections/${encodeURIComponent(connection.id)}`} variant="outlined">
            {connectWords.open}
          </Button>
        </Stack>
        {check === undefined ? null : (
          <Section title={checkWords.title}>
            <CheckFindings report={check} manifest={manifest} />
          </Section>
        )}
        {nextSteps.length === 0 ? null : (
          <Section title={connectWords.next}>
            <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
              {nextSteps.map(({ label, link }) => (
                <li key={link}>
                  <OutLink href={link}>{label}</OutLink>
                </li>
              ))}
            </Box>
          </Section>
        )}
      </Stack>
    </Page>
  );
}
