import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { ConnectionPlan, DryRun } from '../api/model.js';
import { Fold } from '../connect/about.js';
import { CoverageChip, ToneChip } from '../look/chips.js';
import { Facts } from '../look/page.js';
import { When } from '../look/when.js';
import { counted } from '../words/common.js';
import { dryRunWords } from '../words/requests.js';
import { overQuota } from './over-quota.js';

/** What would be sent, if it were sent now. */
export function DryRunResult({ run }: { readonly run: DryRun }): ReactNode {
  return (
    <Box
      role="region"
      aria-label={dryRunWords.title}
      aria-live="polite"
      sx={{ border: 1, borderColor: 'line.strong', borderRadius: 1, p: 2 }}
    >
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {dryRunWords.title}
      </Typography>
      <Typography variant="body2" sx={{ mb: 1.5 }}>
        {run.vendorCalls === 0
          ? dryRunWords.nothing
          : dryRunWords.sentence(counted(run.subjects, 'person', 'people'), counted(run.vendorCalls, 'call', 'calls'))}
      </Typography>
      <Stack spacing={2.5}>
        {run.connections.map((plan) => (
          <Plan key={plan.connection} plan={plan} />
        ))}
      </Stack>
    </Box>
  );
}

function Plan({ plan }: { readonly plan: ConnectionPlan }): ReactNode {
  const { name, subjects, identifiers, vendorCalls, estimated, quotaLeft, quotaResetsAt, waits, rejected } = plan;
  const { systemsNotReached, systemsAsOf, notKnown } = plan;
  const over = overQuota(plan);
  return (
    <Box>
      <Stack direction="row" sx={{ gap: 1, alignItems: 'center', mb: 0.75, flexWrap: 'wrap' }}>
        <Typography variant="body2" sx={{ fontWeight: 650 }}>
          {name}
        </Typography>
        {estimated ? <ToneChip tone="neutral" label={dryRunWords.estimated} /> : null}
      </Stack>
      {waits === undefined ? null : (
        <Alert severity="warning" variant="outlined" sx={{ mb: 1 }}>
          {dryRunWords.waits}: {dryRunWords.waitsWhy[waits] ?? waits}
        </Alert>
      )}
      <Facts
        items={[
          [dryRunWords.people, subjects.toLocaleString()],
          [dryRunWords.identifiers, identifiers.toLocaleString()],
          [dryRunWords.calls, vendorCalls.toLocaleString()],
          ...(quotaLeft === undefined ? [] : ([[dryRunWords.quota, quotaLeft.toLocaleString()]] as const)),
        ]}
      />
      {over === 0 ? null : (
        <Alert severity="warning" variant="outlined" sx={{ mt: 1 }}>
          {dryRunWords.quotaShort(over)}
          {quotaResetsAt === undefined ? null : (
            <>
              {' '}
              {dryRunWords.quotaResets} <When at={quotaResetsAt} as="day" />.
            </>
          )}
        </Alert>
      )}
      {notKnown === 0 ? null : (
        <Alert severity="warning" variant="outlined" sx={{ mt: 1 }}>
          {dryRunWords.notKnown(notKnown)}
        </Alert>
      )}
      {rejected.slice(0, 20).map(({ requestId, error }) => (
        <Alert key={requestId} severity="error" variant="outlined" sx={{ mt: 1 }}>
          {dryRunWords.rejected}: {requestId}. {error.message} {error.remedy}
        </Alert>
      ))}
      {systemsAsOf !== undefined ? null : (
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
          {dryRunWords.notLooked}
        </Typography>
      )}
      {systemsNotReached.length === 0 ? null : (
        <Box sx={{ mt: 1 }}>
          <Fold title={dryRunWords.missed(systemsNotReached.length)}>
            {systemsNotReached.map((one) => (
              <Box component="li" key={one.key} sx={{ typography: 'body2', mb: 0.75 }}>
                <strong>{one.name}</strong> <CoverageChip state={one.coverage.state} />
                <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
                  {one.coverage.reason}
                </Typography>
              </Box>
            ))}
          </Fold>
        </Box>
      )}
    </Box>
  );
}
