import type { SvgIconComponent } from '@mui/icons-material';
import AutorenewIcon from '@mui/icons-material/Autorenew';
import BlockIcon from '@mui/icons-material/Block';
import CheckCircleIcon from '@mui/icons-material/CheckCircle';
import ErrorIcon from '@mui/icons-material/Error';
import HelpIcon from '@mui/icons-material/HelpOutlined';
import ReportProblemIcon from '@mui/icons-material/ReportProblem';
import ScheduleIcon from '@mui/icons-material/Schedule';
import SendIcon from '@mui/icons-material/SendOutlined';
import TaskAltIcon from '@mui/icons-material/TaskAlt';
import Chip from '@mui/material/Chip';
import type { CoverageState } from 'connector-contract';
import type { ReactNode } from 'react';
import type { RequestState, Task, TaskState, Timing } from '../api/model.js';
import {
  closedErrorWord,
  coverageWords,
  onSubmissionWord,
  shortStateWords,
  slowWord,
  timingWords,
} from '../words/common.js';

/** What a colour means. */
export type Tone = 'success' | 'info' | 'warning' | 'error' | 'neutral';

/** A word with a tone and an icon: the meaning never hangs on the colour alone. */
export function ToneChip(props: {
  readonly tone: Tone;
  readonly label: string;
  readonly icon?: SvgIconComponent;
  readonly size?: 'small' | 'medium';
}): ReactNode {
  const { tone, label, icon: Icon, size = 'small' } = props;
  return (
    <Chip
      size={size}
      label={label}
      {...(Icon === undefined ? {} : { icon: <Icon aria-hidden /> })}
      sx={(theme) => {
        const palette = theme.vars?.palette ?? theme.palette;
        const colours =
          tone === 'neutral'
            ? { background: palette.action.hover, text: palette.text.secondary }
            : { background: palette[tone].light, text: palette[tone].dark };
        return {
          bgcolor: colours.background,
          color: colours.text,
          '& .MuiChip-icon': { color: 'inherit', fontSize: 16, ml: 0.75 },
          '& .MuiChip-label': { px: 1 },
        };
      }}
    />
  );
}

const states: Readonly<Record<RequestState | TaskState, readonly [Tone, SvgIconComponent]>> = {
  pending: ['neutral', ScheduleIcon],
  processing: ['info', AutorenewIcon],
  waiting_for_person: ['warning', HelpIcon],
  left_over: ['warning', ReportProblemIcon],
  complete: ['success', CheckCircleIcon],
  complete_with_exceptions: ['warning', ReportProblemIcon],
  error: ['error', ErrorIcon],
  skipped: ['warning', ReportProblemIcon],
  cancelled: ['neutral', BlockIcon],
  not_applicable: ['neutral', BlockIcon],
};

/** The state of a request or task. What only its submission vouches for is not shown as what is known to be done. */
export function StateChip(props: {
  readonly state: RequestState | TaskState;
  /** It is complete on the word of the submission alone. */
  readonly submission?: boolean;
  /** Somebody closed its error. */
  readonly closed?: boolean;
  readonly size?: 'small' | 'medium';
}): ReactNode {
  const { state, submission = false, closed = false, size = 'small' } = props;
  if (state === 'error' && closed)
    return <ToneChip tone="neutral" icon={ErrorIcon} label={closedErrorWord} size={size} />;
  if (state === 'complete' && submission) {
    return <ToneChip tone="info" icon={SendIcon} label={onSubmissionWord} size={size} />;
  }
  const [tone, icon] = states[state];
  return <ToneChip tone={tone} icon={icon} label={shortStateWords[state]} size={size} />;
}

/** Whether some of what a request claims rests on a submission alone. */
export function onSubmission(tasks: readonly Pick<Task, 'basis'>[]): boolean {
  return tasks.some(({ basis }) => basis === 'submission');
}

const timingTones: Readonly<Record<Timing, Tone>> = { on_time: 'neutral', due_soon: 'warning', late: 'error' };

/** Whether a request is in time by the law. What is in time needs no chip of its own. */
export function TimingChip({ timing }: { readonly timing: Timing }): ReactNode {
  if (timing === 'on_time') return null;
  return <ToneChip tone={timingTones[timing]} icon={ScheduleIcon} label={timingWords[timing]} />;
}

/** The vendor has not kept its own estimate. */
export function SlowChip(): ReactNode {
  return <ToneChip tone="warning" icon={ScheduleIcon} label={slowWord} />;
}

/** Tone and icon of what a deletion does to a system. */
export const coverageLook: Readonly<Record<CoverageState, readonly [Tone, SvgIconComponent]>> = {
  reached: ['success', TaskAltIcon],
  forwarded: ['info', SendIcon],
  'needs-setup': ['warning', ReportProblemIcon],
  'not-reached': ['error', BlockIcon],
  unknown: ['neutral', HelpIcon],
};

/** What a deletion does to a system. */
export function CoverageChip({ state }: { readonly state: CoverageState }): ReactNode {
  const [tone, icon] = coverageLook[state];
  return <ToneChip tone={tone} icon={icon} label={coverageWords[state]} />;
}
