import TextField from '@mui/material/TextField';
import type { FieldIssue } from 'connector-contract';
import type { ReactNode } from 'react';
import { FieldHelp } from '../form/help.js';

/** A field of a dialog: its label always above. */
export function TextInput(props: {
  readonly label: string;
  readonly value: string;
  readonly help?: string;
  readonly type?: 'text' | 'date' | 'number';
  readonly lines?: number;
  readonly optional?: boolean;
  readonly longest?: number;
  /** What is wrong with the value. */
  readonly issue?: FieldIssue | undefined;
  onChange(value: string): void;
}): ReactNode {
  const { label, value, help, type = 'text', lines = 1, optional = false, longest = 1_000, issue, onChange } = props;
  return (
    <TextField
      label={label}
      value={value}
      type={type}
      required={!optional}
      error={issue !== undefined}
      helperText={issue === undefined ? help : <FieldHelp help={help} issue={issue} />}
      multiline={lines > 1}
      minRows={lines}
      fullWidth
      size="small"
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      slotProps={{
        inputLabel: { shrink: true },
        formHelperText: { component: 'div' },
        htmlInput: { maxLength: longest, spellCheck: lines > 1 },
      }}
    />
  );
}
