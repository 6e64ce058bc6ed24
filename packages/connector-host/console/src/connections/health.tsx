import CheckCircleIcon from '@mui/icons-material/CheckCircle';
import LinkOffIcon from '@mui/icons-material/LinkOff';
import PauseCircleIcon from '@mui/icons-material/PauseCircleOutlined';
import ReportProblemIcon from '@mui/icons-material/ReportProblem';
import ScheduleIcon from '@mui/icons-material/Schedule';
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import type { Connection } from '../api/model.js';
import { ToneChip } from '../look/chips.js';
import { When } from '../look/when.js';
import { connectionWords } from '../words/connections.js';

/** How a connection is doing, in one word. */
export function HealthChip({
  connection,
  size = 'small',
}: {
  readonly connection: Connection;
  readonly size?: 'small' | 'medium';
}): ReactNode {
  const { state, held, check } = connection;
  const { states, degraded, heldShort } = connectionWords;
  if (state === 'reconnect') return <ToneChip size={size} tone="error" icon={LinkOffIcon} label={states.reconnect} />;
  if (state === 'paused') return <ToneChip size={size} tone="neutral" icon={PauseCircleIcon} label={states.paused} />;
  if (held !== undefined) return <ToneChip size={size} tone="warning" icon={ScheduleIcon} label={heldShort} />;
  if (check?.status === 'degraded')
    return <ToneChip size={size} tone="warning" icon={ReportProblemIcon} label={degraded} />;
  return <ToneChip size={size} tone="success" icon={CheckCircleIcon} label={states.active} />;
}

/** How many people the vendor still takes this month, as far as it said so. */
export function QuotaMeter({
  connection,
  manifest,
}: {
  readonly connection: Connection;
  readonly manifest: ConnectorManifest | undefined;
}): ReactNode {
  const { quota } = connection;
  const whole = quota?.limit ?? manifest?.limits.quota?.subjects;
  const left =
    quota?.remaining ?? (whole !== undefined && quota?.consumed !== undefined ? whole - quota.consumed : undefined);
  if (left === undefined) {
    return (
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {connectionWords.quotaUnknown}
      </Typography>
    );
  }
  const share = whole === undefined || whole === 0 ? undefined : Math.max(0, Math.min(1, left / whole));
  const text = connectionWords.quotaLeft(Math.max(0, left), whole);
  return (
    <Box>
      <Typography variant="body2">{text}</Typography>
      {quota?.group === undefined ? null : (
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
          {quota.group}
        </Typography>
      )}
      {share === undefined ? null : (
        <LinearProgress
          variant="determinate"
          value={share * 100}
          color={share < 0.1 ? 'error' : share < 0.25 ? 'warning' : 'primary'}
          aria-label={text}
          sx={{ height: 6, borderRadius: 1, my: 0.5 }}
        />
      )}
      {quota?.resetsAt === undefined ? null : (
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {connectionWords.quotaResets} <When at={quota.resetsAt} as="day" />
        </Typography>
      )}
    </Box>
  );
}
