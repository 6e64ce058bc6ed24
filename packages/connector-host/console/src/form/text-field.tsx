import VisibilityOffIcon from '@mui/icons-material/VisibilityOffOutlined';
import VisibilityIcon from '@mui/icons-material/VisibilityOutlined';
import IconButton from '@mui/material/IconButton';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import type { IntegerField, SecretField, StringField } from 'connector-contract';
import { type ReactNode, useState } from 'react';
import { mono } from '../look/theme.js';
import { formWords } from '../words/form.js';
import { FieldHelp } from './help.js';
import type { FieldProps } from './props.js';

/** A line of text, a number, or a secret that is masked until the reader asks to see what they typed. */
export function EntryField(props: FieldProps<StringField | SecretField | IntegerField>): ReactNode {
  const { field, value, issue, onChange, onDone, stored = false } = props;
  const [shown, setShown] = useState(false);
  const secret = field.kind === 'secret';
  const text = value === undefined ? '' : String(value);
  const take = (entered: string) => {
    if (entered === '') return onChange(undefined);
    const whole = field.kind === 'integer' && /^-?\d{1,15}$/.test(entered);
    return onChange(whole ? Number(entered) : entered);
  };
  const example = field.kind === 'string' ? field.example : undefined;
  return (
    <TextField
      label={field.required || secret ? field.label : `${field.label} (${formWords.optional})`}
      required={field.required && !stored}
      value={text}
      onChange={(event) => take(event.target.value)}
      onBlur={onDone}
      error={issue !== undefined}
      helperText={<FieldHelp help={field.help} issue={issue} note={secret && stored ? formWords.stored : undefined} />}
      type={secret && !shown ? 'password' : 'text'}
      placeholder={secret && stored ? formWords.storedPlaceholder : (example ?? '')}
      fullWidth
      autoComplete="off"
      name={field.key}
      slotProps={{
        inputLabel: { shrink: true, sx: { whiteSpace: 'normal' } },
        formHelperText: { component: 'div' },
        htmlInput: {
          spellCheck: false,
          autoCapitalize: 'none',
          'data-1p-ignore': secret || undefined,
          ...(field.kind === 'integer' ? { inputMode: 'numeric' } : {}),
          ...(secret || (field.kind === 'string' && field.format === 'uri')
            ? { style: { fontFamily: mono, fontSize: '0.875rem' } }
            : {}),
        },
        input: secret
          ? {
              endAdornment: (
                <InputAdornment position="end">
                  <IconButton
                    edge="end"
                    size="small"
                    aria-label={shown ? formWords.hide(field.label) : formWords.show(field.label)}
                    onClick={() => setShown(!shown)}
                  >
                    {shown ? <VisibilityOffIcon fontSize="small" /> : <VisibilityIcon fontSize="small" />}
                  </IconButton>
                </InputAdornment>
              ),
            }
          : {},
      }}
    />
  );
}
