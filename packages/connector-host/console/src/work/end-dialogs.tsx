import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { WorkDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { FilesField } from '../look/files-field.js';
import { TextInput } from '../look/text-input.js';
import { useAct, useFilesAct } from '../request/use-act.js';
import { counted } from '../words/common.js';
import { filesFault } from '../words/files.js';
import { answerWords } from '../words/request.js';
import { workActWords } from '../words/work.js';
import { workPath } from './queries.js';

type Outcome = keyof typeof workActWords.outcomes;

/** Says how work ended: done, with who, when and what shows it; not needed; or that it could not be done. */
export function CloseDialog({ item, onClose }: { readonly item: WorkDetail; onClose(): void }): ReactNode {
  const { session } = useSession();
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [reason, setReason] = useState('');
  const [given, setGiven] = useState({ doneBy: '', doneAt: '', text: '', link: '' });
  const [files, setFiles] = useState<readonly File[]>([]);
  const path = workPath(item.id);
  const end = useFilesAct({ path: `${path}/close`, to: `${path}/files` }, workActWords.closed, onClose);
  // An answer names who gave it, whatever it was, and what they said stands for evidence.
  const answer = item.kind === 'direct-contact';
  // Nobody can have erased people whom nobody was shown.
  const unread = item.kind === 'erase-elsewhere' && item.readAt === undefined;
  const byWhom = answer || outcome === 'done';
  const mayHaveFiles = !answer || outcome === 'done';
  const sent = mayHaveFiles ? files : [];
  const { doneBy, doneAt, text, link } = given;
  const put = (field: keyof typeof given) => (value: string) => setGiven({ ...given, [field]: value });
  const body = () => ({
    outcome,
    reason: reason.trim(),
    ...(byWhom && doneBy.trim() !== '' ? { doneBy: doneBy.trim() } : {}),
    ...(byWhom && doneAt !== '' ? { doneAt: new Date(`${doneAt}T00:00:00`).toISOString() } : {}),
    ...(text.trim() === '' && link.trim() === ''
      ? {}
      : {
          evidence: {
            ...(text.trim() === '' ? {} : { text: text.trim() }),
            ...(link.trim() === '' ? {} : { link: link.trim() }),
          },
        }),
  });
  return (
    <AskDialog
      title={workActWords.closeTitle}
      action={workActWords.close}
      lacks={
        outcome === '' || reason.trim() === '' || (answer && doneBy.trim() === '') || filesFault(sent) !== undefined
      }
      pending={end.isPending}
      error={end.error}
      onSubmit={() => end.mutate({ body: body(), files: sent })}
      onClose={onClose}
    >
      {answer ? null : (
        <Typography variant="body2">{workActWords.closeBody(counted(item.people, 'person', 'people'))}</Typography>
      )}
      <RadioGroup
        aria-label={workActWords.outcome}
        value={outcome}
        onChange={(_event, value) => setOutcome(value as Outcome)}
      >
        {Object.entries(answer ? answerWords.outcomes : workActWords.outcomes).map(([value, label]) => (
          <FormControlLabel
            key={value}
            value={value}
            control={<Radio size="small" />}
            label={label}
            disabled={unread && value === 'done'}
          />
        ))}
      </RadioGroup>
      {unread ? <Typography variant="body2">{workActWords.unread}</Typography> : null}
      <TextInput
        label={answer ? answerWords.said : outcome === 'done' ? workActWords.how : workActWords.why}
        help={answer ? answerWords.saidHelp : workActWords.noteHelp}
        longest={2_000}
        lines={2}
        value={reason}
        onChange={setReason}
      />
      {byWhom ? (
        <>
          <TextInput
            optional={!answer}
            label={answer ? answerWords.by : workActWords.doneBy}
            help={answer ? answerWords.byHelp : workActWords.doneByHelp(item.owner?.name ?? session.name)}
            longest={200}
            value={doneBy}
            onChange={put('doneBy')}
          />
          <TextInput
            optional
            type="date"
            label={answer ? answerWords.at : workActWords.doneAt}
            help={answer ? answerWords.atHelp : workActWords.doneAtHelp}
            value={doneAt}
            onChange={put('doneAt')}
          />
        </>
      ) : null}
      {answer ? null : (
        <>
          <TextInput
            optional
            label={workActWords.evidence}
            help={workActWords.evidenceHelp}
            longest={4_000}
            lines={2}
            value={text}
            onChange={put('text')}
          />
          <TextInput
            optional
            label={workActWords.link}
            help={workActWords.linkHelp}
            longest={2_000}
            value={link}
            onChange={put('link')}
          />
        </>
      )}
      {mayHaveFiles ? (
        <FilesField help={answer ? answerWords.filesHelp : workActWords.filesHelp} files={files} onChange={setFiles} />
      ) : null}
    </AskDialog>
  );
}

/** Opens work again that somebody ended. */
export function ReopenDialog({ item, onClose }: { readonly item: WorkDetail; onClose(): void }): ReactNode {
  const [reason, setReason] = useState('');
  const reopen = useAct<object>(`${workPath(item.id)}/reopen`, workActWords.reopened, onClose);
  return (
    <AskDialog
      title={workActWords.reopenTitle}
      action={workActWords.reopen}
      lacks={reason.trim() === ''}
      pending={reopen.isPending}
      error={reopen.error}
      onSubmit={() => reopen.mutate({ reason: reason.trim() })}
      onClose={onClose}
    >
      <Typography variant="body2">{workActWords.reopenBody}</Typography>
      <TextInput
        label={workActWords.reopenWhy}
        help={workActWords.noteHelp}
        lines={2}
        value={reason}
        onChange={setReason}
      />
    </AskDialog>
  );
}
