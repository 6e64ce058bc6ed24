import type { SvgIconComponent } from '@mui/icons-material';
import BlockIcon from '@mui/icons-material/Block';
import CheckCircleIcon from '@mui/icons-material/CheckCircle';
import HelpIcon from '@mui/icons-material/HelpOutlined';
import RemoveCircleIcon from '@mui/icons-material/RemoveCircleOutlined';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { CheckReport, ConnectorManifest, FaultData, PermissionOutcome } from 'connector-contract';
import type { ReactNode } from 'react';
import { type Tone, ToneChip } from '../look/chips.js';
import { Prose } from '../look/prose.js';
import { words } from '../words/common.js';
import { checkWords, connectWords } from '../words/connect.js';

const looks: Readonly<Record<PermissionOutcome['outcome'], readonly [Tone, SvgIconComponent]>> = {
  granted: ['success', CheckCircleIcon],
  denied: ['error', BlockIcon],
  unverifiable: ['warning', HelpIcon],
  skipped: ['neutral', RemoveCircleIcon],
};

/** The manifest's own help for a code, where it has some. */
function Troubleshooting({
  manifest,
  code,
}: {
  readonly manifest: ConnectorManifest | undefined;
  readonly code: string | undefined;
}): ReactNode {
  const entry = manifest?.setup.troubleshooting.find((one) => one.code === code);
  if (entry === undefined) return null;
  return (
    <Box sx={{ mt: 0.5 }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {connectWords.troubleshooting}: {entry.title}
      </Typography>
      <Prose small>{entry.body}</Prose>
    </Box>
  );
}

/** A fault in plain words: what happened, what to do, and the manifest's help for its code. */
export function FaultNotice(props: {
  readonly fault: FaultData;
  readonly manifest: ConnectorManifest | undefined;
  readonly severity?: 'error' | 'warning';
}): ReactNode {
  const { fault, manifest, severity = 'error' } = props;
  return (
    <Alert severity={severity} variant="outlined" sx={{ '& .MuiAlert-message': { minWidth: 0 } }}>
      <AlertTitle>{fault.message}</AlertTitle>
      {fault.remedy === undefined ? null : (
        <Typography variant="body2">
          <strong>{words.remedy}:</strong> {fault.remedy}
        </Typography>
      )}
      <Troubleshooting manifest={manifest} code={fault.code} />
      <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 0.5 }}>
        {fault.code}
      </Typography>
    </Alert>
  );
}

/** Trouble that is about no single permission, and one line for each permission. */
export function CheckFindings({
  report,
  manifest,
}: {
  readonly report: CheckReport;
  readonly manifest: ConnectorManifest | undefined;
}): ReactNode {
  return (
    <Stack spacing={2}>
      {report.problems.map((problem) => (
        <FaultNotice
          key={`${problem.code} ${problem.message}`}
          fault={problem}
          manifest={manifest}
          severity={report.status === 'blocked' ? 'error' : 'warning'}
        />
      ))}
      <Box component="ul" aria-label={checkWords.permissions} sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {report.permissions.map((one) => (
          <PermissionLine key={one.permission} outcome={one} manifest={manifest} />
        ))}
      </Box>
    </Stack>
  );
}

function PermissionLine({
  outcome,
  manifest,
}: {
  readonly outcome: PermissionOutcome;
  readonly manifest: ConnectorManifest | undefined;
}): ReactNode {
  const declared = manifest?.permissions.find(({ id }) => id === outcome.permission);
  const [tone, icon] = looks[outcome.outcome];
  const trouble = outcome.outcome === 'denied' || outcome.outcome === 'unverifiable';
  return (
    <Box
      component="li"
      sx={{
        py: 1.25,
        borderTop: 1,
        borderColor: 'line.main',
        display: 'grid',
        gridTemplateColumns: '1fr auto',
        columnGap: 2,
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {declared?.label ?? outcome.permission}
        </Typography>
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
          {trouble ? outcome.message : (declared?.why ?? outcome.message)}
        </Typography>
        {trouble && outcome.remedy !== undefined ? (
          <Typography variant="body2" sx={{ mt: 0.5 }}>
            <strong>{words.remedy}:</strong> {outcome.remedy}
          </Typography>
        ) : null}
        {outcome.outcome === 'denied' && declared !== undefined ? (
          <Box sx={{ mt: 0.5 }}>
            <Prose small>{declared.grantedBy}</Prose>
          </Box>
        ) : null}
      </Box>
      <Box>
        <ToneChip tone={tone} icon={icon} label={checkWords.outcomes[outcome.outcome]} />
      </Box>
    </Box>
  );
}
