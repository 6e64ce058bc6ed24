import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Switch from '@mui/material/Switch';
import type { NoticeField, ToggleField } from 'connector-contract';
import { type ReactNode, useId } from 'react';
import { Prose } from '../look/prose.js';
import { FieldHelp } from './help.js';
import type { FieldProps } from './props.js';

/** Yes or no. */
export function ToggleSwitch({ field, value, issue, onChange, onDone }: FieldProps<ToggleField>): ReactNode {
  const id = useId();
  return (
    <FormControl error={issue !== undefined}>
      <FormControlLabel
        control={
          <Switch
            checked={value === true}
            name={field.key}
            onChange={(_event, on) => {
              onChange(on);
              onDone();
            }}
            slotProps={{ input: { role: 'switch', 'aria-describedby': id } }}
          />
        }
        label={field.label}
        slotProps={{ typography: { variant: 'body2', sx: { fontWeight: 600 } } }}
      />
      <FormHelperText id={id} component="div" sx={{ mx: 0, mt: 0 }}>
        <FieldHelp help={field.help} issue={issue} />
      </FormHelperText>
    </FormControl>
  );
}

/** Text between the fields. */
export function Notice({ field }: { readonly field: NoticeField }): ReactNode {
  return (
    <Alert severity={field.tone} variant="outlined" role="note">
      <AlertTitle>{field.label}</AlertTitle>
      <Prose small>{field.body}</Prose>
      {field.help}
    </Alert>
  );
}
