import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import { type ReactNode, useState } from 'react';
import type { Task } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { Facts } from '../look/page.js';
import { TextInput } from '../look/text-input.js';
import { formatDay, When } from '../look/when.js';
import { answerWords } from '../words/request.js';
import { useAct } from './use-act.js';

type Outcome = NonNullable<Task['answer']>['outcome'];

/** A task that only a person's answer brings to its end; who may writes it down here. */
export function AwaitedAnswer({ task, path }: { readonly task: Task; readonly path: string }): ReactNode {
  const { may } = useSession();
  const [writing, setWriting] = useState(false);
  return (
    <Alert severity="info" variant="outlined">
      <AlertTitle>{answerWords.awaited}</AlertTitle>
      {answerWords.body}
      {may('requests:answer') ? (
        <Box sx={{ mt: 1.5 }}>
          <Button variant="outlined" size="small" onClick={() => setWriting(true)}>
            {answerWords.record}
          </Button>
        </Box>
      ) : null}
      {writing ? <AnswerDialog task={task} path={path} onClose={() => setWriting(false)} /> : null}
    </Alert>
  );
}

function AnswerDialog(props: { readonly task: Task; readonly path: string; onClose(): void }): ReactNode {
  const { task, path, onClose } = props;
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [answeredBy, setAnsweredBy] = useState('');
  const [answeredAt, setAnsweredAt] = useState('');
  const [said, setSaid] = useState('');
  const record = useAct<Readonly<Record<string, unknown>>>(`${path}/answer`, answerWords.recorded, onClose);
  return (
    <AskDialog
      title={answerWords.record}
      action={answerWords.save}
      lacks={outcome === '' || answeredBy.trim() === '' || said.trim() === ''}
      pending={record.isPending}
      error={record.error}
      onSubmit={() =>
        record.mutate({ task: task.id, outcome, answeredBy, said, ...(answeredAt === '' ? {} : { answeredAt }) })
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
    </AskDialog>
  );
}

/** What somebody answered. */
export function GivenAnswer({ answer }: { readonly answer: NonNullable<Task['answer']> }): ReactNode {
  const { outcome, answeredBy, answeredAt, said, recordedAt } = answer;
  const day = String(answeredAt);
  return (
    <Facts
      items={[
        [answerWords.outcome, answerWords.outcomes[outcome]],
        [answerWords.by, answeredBy],
        [answerWords.at, formatDay(day)],
        ...(said === undefined ? [] : ([[answerWords.said, said]] as const)),
        [answerWords.recordedAt, <When key="r" at={recordedAt} />],
      ]}
    />
  );
}
