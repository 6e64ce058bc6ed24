import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';

/** A field of a dialog: its label always above. */
export function TextInput(props: {
  readonly label: string;
  readonly value: string;
  readonly help?: string;
  readonly type?: 'text' | 'date' | 'number';
  readonly lines?: number;
  readonly optional?: boolean;
  readonly longest?: number;
  onChange(value: string): void;
}): ReactNode {
  const { label, value, help, type = 'text', lines = 1, optional = false, longest = 1_000, onChange } = props;
  return (
    <TextField
      label={label}
      value={value}
      type={type}
      required={!optional}
      helperText={help}
      multiline={lines > 1}
      minRows={lines}
      fullWidth
      size="small"
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { maxLength: longest } }}
    />
  );
}
