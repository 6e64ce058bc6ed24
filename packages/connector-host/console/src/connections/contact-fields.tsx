import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { FieldIssue } from 'connector-contract';
import type { ReactNode } from 'react';
import type { Contact } from '../api/model.js';
import { TextInput } from '../look/text-input.js';
import { contactWords } from '../words/contact.js';

/** A contact as it is being entered. */
export type ContactDraft = Required<Contact>;

/** What the fields begin with. */
export function contactDraft(contact?: Contact): ContactDraft {
  return { name: '', email: '', accountId: '', notes: '', whenSilent: 'pause', ...contact };
}

/** Whether nothing was entered, so that there is no contact. */
export function namesNobody({ name, email, accountId, notes }: ContactDraft): boolean {
  return [name, email, accountId, notes].every((text) => text.trim() === '');
}

/** The fields of whoever answers access requests. */
export function ContactFields({
  draft,
  issueOf,
  onChange,
}: {
  readonly draft: ContactDraft;
  issueOf(field: string): FieldIssue | undefined;
  onChange(draft: ContactDraft): void;
}): ReactNode {
  const text = (
    field: 'name' | 'email' | 'accountId' | 'notes',
    more: { readonly longest: number; readonly lines?: number },
  ) => (
    <TextInput
      optional
      label={contactWords.fields[field]}
      help={contactWords.help[field]}
      value={draft[field]}
      issue={issueOf(`contact.${field}`)}
      onChange={(value) => onChange({ ...draft, [field]: value })}
      {...more}
    />
  );
  return (
    <>
      {text('name', { longest: 100 })}
      {text('email', { longest: 254 })}
      {text('accountId', { longest: 200 })}
      {text('notes', { longest: 2_000, lines: 3 })}
      <TextField
        select
        fullWidth
        size="small"
        label={contactWords.whenSilent}
        value={draft.whenSilent}
        onChange={(event) => onChange({ ...draft, whenSilent: event.target.value as Contact['whenSilent'] })}
        slotProps={{ inputLabel: { shrink: true } }}
      >
        {(['pause', 'skip'] as const).map((one) => (
          <MenuItem key={one} value={one}>
            {contactWords.silences[one]}
          </MenuItem>
        ))}
      </TextField>
    </>
  );
}
