import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { type ReactNode, useState } from 'react';
import type { WorkDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { TextInput } from '../look/text-input.js';
import { useAct } from '../request/use-act.js';
import { workActWords } from '../words/work.js';
import { workPath } from './queries.js';

interface Assignment {
  readonly owner: { readonly name: string; readonly email?: string } | null;
  readonly note?: string;
  readonly dueAt?: string;
}

/** The end of a day where the reader is. */
const endOf = (day: string) => new Date(`${day}T23:59:59`).toISOString();

/** Gives work to somebody, or to nobody. */
export function AssignDialog({ item, onClose }: { readonly item: WorkDetail; onClose(): void }): ReactNode {
  const { session } = useSession();
  const [name, setName] = useState(item.owner?.name ?? '');
  const [email, setEmail] = useState(item.owner?.email ?? '');
  const [day, setDay] = useState('');
  const [note, setNote] = useState('');
  const assign = useAct<Assignment>(`${workPath(item.id)}/assign`, workActWords.assigned, onClose);
  const put = (to: { readonly name: string; readonly email?: string | undefined }) => {
    setName(to.name);
    setEmail(to.email ?? '');
  };
  const owner = { name: name.trim(), ...(email.trim() === '' ? {} : { email: email.trim() }) };
  return (
    <AskDialog
      title={workActWords.assignTitle}
      action={workActWords.assign}
      lacks={name.trim() === '' && email.trim() !== ''}
      pending={assign.isPending}
      error={assign.error}
      onSubmit={() =>
        assign.mutate({
          owner: owner.name === '' ? null : owner,
          ...(note.trim() === '' ? {} : { note: note.trim() }),
          ...(day === '' ? {} : { dueAt: endOf(day) }),
        })
      }
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button size="small" variant="outlined" onClick={() => put(session)}>
          {workActWords.me}
        </Button>
        <Button size="small" variant="outlined" onClick={() => put({ name: '' })}>
          {workActWords.nobody}
        </Button>
      </Box>
      <TextInput
        optional
        label={workActWords.name}
        help={workActWords.nameHelp}
        longest={200}
        value={name}
        onChange={setName}
      />
      <TextInput
        optional
        label={workActWords.email}
        help={workActWords.emailHelp}
        longest={254}
        value={email}
        onChange={setEmail}
      />
      <TextInput
        optional
        type="date"
        label={workActWords.earlier}
        help={workActWords.earlierHelp}
        value={day}
        onChange={setDay}
      />
      <TextInput
        optional
        label={workActWords.note}
        help={workActWords.noteHelp}
        lines={2}
        value={note}
        onChange={setNote}
      />
    </AskDialog>
  );
}

/** Adds a note to the history of work, which stays with whoever has it. */
export function NoteDialog({ item, onClose }: { readonly item: WorkDetail; onClose(): void }): ReactNode {
  const [note, setNote] = useState('');
  const add = useAct<Assignment>(`${workPath(item.id)}/assign`, workActWords.noted, onClose);
  return (
    <AskDialog
      title={workActWords.addNote}
      action={workActWords.addNote}
      lacks={note.trim() === ''}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate({ owner: item.owner ?? null, note: note.trim() })}
      onClose={onClose}
    >
      <TextInput label={workActWords.note} help={workActWords.noteHelp} lines={3} value={note} onChange={setNote} />
    </AskDialog>
  );
}
