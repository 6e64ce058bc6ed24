import TextField from '@mui/material/TextField';
import { type ReactNode, useState } from 'react';
import { useSettings } from '../api/settings.js';
import { confirmWords } from '../words/requests.js';

/** Whether what was typed is this number. Separators of thousands do not matter. */
function isCount(count: number, typed: string): boolean {
  return typed.replaceAll(/[\s.,'’]/g, '') === String(count);
}

/**
 * Lets somebody confirm by typing how many people would be erased, where they are more than the host's setting says.
 * @returns whether that is done or not needed; the field, where it is needed; and how to begin anew.
 */
export function useTypedCount(count: number): {
  readonly confirmed: boolean;
  readonly field: ReactNode;
  clear(): void;
} {
  const settings = useSettings();
  const [typed, setTyped] = useState('');
  // Where the setting cannot be read everybody is asked.
  const needed = count > (settings.data?.confirmAbove ?? 0);
  return {
    confirmed: !needed || isCount(count, typed),
    clear: () => setTyped(''),
    field:
      !needed || settings.isPending ? null : (
        <TextField
          label={confirmWords.type(count)}
          helperText={confirmWords.typeHelp}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          size="small"
          autoComplete="off"
          slotProps={{ inputLabel: { shrink: true }, htmlInput: { inputMode: 'numeric' } }}
        />
      ),
  };
}
