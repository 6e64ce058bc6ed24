import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { FieldIssue } from 'connector-contract';
import type { ReactNode } from 'react';
import { useSettings } from '../api/settings.js';
import { FoldedFields } from '../form/folded-fields.js';
import { FieldHelp } from '../form/help.js';
import { TextInput } from '../look/text-input.js';
import { clockWords } from '../words/request.js';
import { legalWords } from '../words/requests.js';
import type { Draft, DraftLaw } from './request-draft.js';

const laws = ['gdpr', 'ccpa', 'other'] as const;

/** By when the law wants the person served, where that is not what the host is set to: under a fold, since it mostly is. */
export function LegalFields(props: {
  readonly draft: Draft;
  /** Due times go on from the request that this one corrects. */
  readonly correcting: boolean;
  issueOf(field: string): FieldIssue | undefined;
  onChange(part: Partial<Draft>): void;
}): ReactNode {
  const { draft, correcting, issueOf, onChange } = props;
  const { data: settings } = useSettings();
  const faulty = ['receivedAt', 'dueAt', 'jurisdiction', 'days'].some((field) => issueOf(field) !== undefined);
  const usual =
    settings === undefined ? undefined : legalWords.usual(clockWords.laws[settings.jurisdiction](settings.days));
  return (
    <FoldedFields
      small
      title={clockWords.title}
      help={correcting ? legalWords.asBefore : usual}
      faulty={faulty}
      spacing={2.5}
    >
      <TextInput
        type="date"
        optional
        label={legalWords.received}
        help={legalWords.receivedHelp(settings?.zone)}
        issue={issueOf('receivedAt')}
        value={draft.receivedOn}
        onChange={(receivedOn) => onChange({ receivedOn })}
      />
      <TextField
        select
        label={clockWords.law}
        value={draft.law}
        size="small"
        fullWidth
        error={issueOf('jurisdiction') !== undefined}
        helperText={<FieldHelp help={undefined} issue={issueOf('jurisdiction')} />}
        onChange={(event) => onChange({ law: event.target.value as DraftLaw })}
        slotProps={{
          inputLabel: { shrink: true },
          select: { displayEmpty: true },
          formHelperText: { component: 'div' },
        }}
      >
        <MenuItem value="">{correcting ? legalWords.lawAsBefore : legalWords.lawAsSet}</MenuItem>
        {laws.map((law) => (
          <MenuItem key={law} value={law}>
            {clockWords.laws[law](undefined)}
          </MenuItem>
        ))}
      </TextField>
      {draft.law === 'other' ? (
        <TextInput
          type="number"
          optional
          label={legalWords.days}
          help={legalWords.daysHelp}
          issue={issueOf('days')}
          value={draft.days}
          onChange={(days) => onChange({ days })}
        />
      ) : null}
      <TextInput
        type="date"
        optional
        label={clockWords.due}
        help={legalWords.dueHelp}
        issue={issueOf('dueAt')}
        value={draft.dueOn}
        onChange={(dueOn) => onChange({ dueOn })}
      />
    </FoldedFields>
  );
}
