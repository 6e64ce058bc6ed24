import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Link from '@mui/material/Link';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Task } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { FilesField } from '../look/files-field.js';
import { Facts } from '../look/page.js';
import { StoredFiles } from '../look/stored-files.js';
import { TextInput } from '../look/text-input.js';
import { formatDay, When } from '../look/when.js';
import { filesFault } from '../words/files.js';
import { answerWords, askWords, leftoverWords } from '../words/request.js';
import { workPath } from '../work/queries.js';
import { Asked, useAnswerWork } from './asked.js';
import { useAct, useFilesAct } from './use-act.js';

type Outcome = NonNullable<Task['answer']>['outcome'];

/** A task that only a person's answer brings to its end; who may writes it down here. */
export function AwaitedAnswer({ task, path }: { readonly task: Task; readonly path: string }): ReactNode {
  const { may } = useSession();
  const [asking, setAsking] = useState<'answer' | 'stop'>();
  const close = () => setAsking(undefined);
  const work = useAnswerWork(task);
  return (
    <Alert severity="info" variant="outlined">
      <AlertTitle>{answerWords.awaited}</AlertTitle>
      {answerWords.body}
      {work === undefined ? null : (
        <Box sx={{ mt: 1 }}>
          <Asked ask={work.ask} />
          <Link component={RouterLink} to={workPath(work.id)} state={{ arrived: true }} variant="body2">
            {leftoverWords.work(true, work.owner?.name)}
          </Link>
        </Box>
      )}
      <Stack direction="row" sx={{ gap: 1, mt: 1.5, flexWrap: 'wrap' }}>
        {may('requests:answer') ? (
          <Button variant="outlined" size="small" onClick={() => setAsking('answer')}>
            {answerWords.record}
          </Button>
        ) : null}
        {work?.ask !== undefined && may('requests:cancel') ? (
          <Button variant="outlined" size="small" onClick={() => setAsking('stop')}>
            {askWords.stop}
          </Button>
        ) : null}
      </Stack>
      {asking === 'answer' ? <AnswerDialog task={task} path={path} onClose={close} /> : null}
      {asking === 'stop' ? <StopDialog task={task} path={path} onClose={close} /> : null}
    </Alert>
  );
}

function StopDialog(props: { readonly task: Task; readonly path: string; onClose(): void }): ReactNode {
  const { task, path, onClose } = props;
  const stop = useAct<{ readonly task: number }>(`${path}/cancel`, askWords.stopped, onClose);
  return (
    <AskDialog
      title={askWords.stopTitle}
      action={askWords.stop}
      pending={stop.isPending}
      error={stop.error}
      onSubmit={() => stop.mutate({ task: task.id })}
      onClose={onClose}
    >
      <Typography variant="body2">{askWords.stopBody}</Typography>
    </AskDialog>
  );
}

function AnswerDialog(props: { readonly task: Task; readonly path: string; onClose(): void }): ReactNode {
  const { task, path, onClose } = props;
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [answeredBy, setAnsweredBy] = useState('');
  const [answeredAt, setAnsweredAt] = useState('');
  const [said, setSaid] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const sent = outcome === 'done' ? files : [];
  const to = `${path}/files?task=${task.id}`;
  const record = useFilesAct({ path: `${path}/answer`, to }, answerWords.recorded, onClose);
  return (
    <AskDialog
      title={answerWords.record}
      action={answerWords.save}
      lacks={outcome === '' || answeredBy.trim() === '' || said.trim() === '' || filesFault(sent) !== undefined}
      pending={record.isPending}
      error={record.error}
      onSubmit={() =>
        record.mutate({
          body: { task: task.id, outcome, answeredBy, said, ...(answeredAt === '' ? {} : { answeredAt }) },
          files: sent,
        })
      }
      onClose={onClose}
    >
      <RadioGroup
        aria-label={answerWords.outcome}
        value={outcome}
        onChange={(_event, value) => setOutcome(value as Outcome)}
      >
        {Object.entries(answerWords.outcomes).map(([value, label]) => (
          <FormControlLabel key={value} value={value} control={<Radio size="small" />} label={label} />
        ))}
      </RadioGroup>
      <TextInput
        label={answerWords.by}
        help={answerWords.byHelp}
        longest={200}
        value={answeredBy}
        onChange={setAnsweredBy}
      />
      <TextInput
        type="date"
        optional
        label={answerWords.at}
        help={answerWords.atHelp}
        value={answeredAt}
        onChange={setAnsweredAt}
      />
      <TextInput label={answerWords.said} help={answerWords.saidHelp} lines={3} value={said} onChange={setSaid} />
      {outcome === 'done' ? <FilesField help={answerWords.filesHelp} files={files} onChange={setFiles} /> : null}
    </AskDialog>
  );
}

/** What somebody answered, and the files that came with it. */
export function GivenAnswer(props: {
  readonly answer: NonNullable<Task['answer']>;
  readonly task: Task;
  readonly path: string;
}): ReactNode {
  const { answer, task, path } = props;
  const { may } = useSession();
  const { outcome, answeredBy, answeredAt, said, recordedAt } = answer;
  const day = String(answeredAt);
  return (
    <>
      <Facts
        items={[
          [answerWords.outcome, answerWords.outcomes[outcome]],
          [answerWords.by, answeredBy],
          [answerWords.at, formatDay(day)],
          ...(said === undefined ? [] : ([[answerWords.said, said]] as const)),
          [answerWords.recordedAt, <When key="r" at={recordedAt} />],
        ]}
      />
      {(answer.files ?? 0) > 0 && may('requests:identify') ? (
        <StoredFiles label={askWords.files} path={`${path}/files`} task={task.id} />
      ) : null}
    </>
  );
}
