import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host, Problem } from '../api/client.js';
import type { Connection } from '../api/model.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { Facts, Section } from '../look/page.js';
import { contactWords } from '../words/contact.js';
import { ContactFields, contactDraft, namesNobody } from './contact-fields.js';

/** Who answers the access requests of a connection. */
export function ContactSection({
  connection,
  onChange,
}: {
  readonly connection: Connection;
  /** Absent for who may not change it. */
  readonly onChange: (() => void) | undefined;
}): ReactNode {
  const { contact } = connection;
  return (
    <Section
      title={contactWords.title}
      action={
        onChange === undefined ? null : (
          <Button size="small" onClick={onChange}>
            {contact === undefined ? contactWords.add : contactWords.change}
          </Button>
        )
      }
    >
      {contact === undefined ? (
        <Typography variant="body2">{contactWords.none}</Typography>
      ) : (
        <Facts
          items={[
            ...(['name', 'email', 'accountId', 'notes'] as const).flatMap((field) =>
              contact[field] === undefined ? [] : [[contactWords.fields[field], contact[field]] as const],
            ),
            [contactWords.whenSilent, contactWords.silences[contact.whenSilent]],
          ]}
        />
      )}
    </Section>
  );
}

/** Says who answers access requests from now on, or that nobody does. */
export function ContactDialog({
  connection,
  onClose,
}: {
  readonly connection: Connection;
  onClose(): void;
}): ReactNode {
  const { id, contact } = connection;
  const notify = useNotify();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => contactDraft(contact));
  const { accountId, notes, ...rest } = draft;
  const save = useMutation({
    mutationFn: () =>
      host.patch(`/connections/${encodeURIComponent(id)}`, {
        contact: namesNobody(draft)
          ? null
          : { ...rest, accountId: accountId.trim() || null, notes: notes.trim() || null },
      }),
    onSuccess: () => {
      notify(contactWords.saved);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['connections'] }),
  });
  const issues = save.error instanceof Problem ? save.error.errors : [];
  return (
    <AskDialog
      title={contactWords.dialogTitle(connection.name)}
      action={contactWords.save}
      pending={save.isPending}
      error={issues.length > 0 ? null : save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Typography variant="body2">{contactWords.lead}</Typography>
      <ContactFields
        draft={draft}
        issueOf={(field) => issues.find((issue) => issue.field === field)}
        onChange={setDraft}
      />
    </AskDialog>
  );
}
