import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';
import { confirmWords } from '../words/requests.js';

/** More people than this are confirmed by typing how many they are. */
const askAbove = 100;

/** Whether so many people are confirmed by what was typed. Separators of thousands do not matter. */
export function confirmed(count: number, typed: string): boolean {
  return count <= askAbove || typed.replaceAll(/[\s.,'’]/g, '') === String(count);
}

/** Asks for the number of people where there are many. */
export function TypedCount(props: {
  readonly count: number;
  readonly typed: string;
  onChange(typed: string): void;
}): ReactNode {
  const { count, typed, onChange } = props;
  if (count <= askAbove) return null;
  return (
    <TextField
      label={confirmWords.type(count)}
      helperText={confirmWords.typeHelp}
      value={typed}
      onChange={(event) => onChange(event.target.value)}
      size="small"
      autoComplete="off"
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { inputMode: 'numeric' } }}
    />
  );
}
