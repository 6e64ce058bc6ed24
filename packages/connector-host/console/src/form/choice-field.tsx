import Box from '@mui/material/Box';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Typography from '@mui/material/Typography';
import type { ChoiceField } from 'connector-contract';
import { type ReactNode, useId } from 'react';
import { ToneChip } from '../look/chips.js';
import { formWords } from '../words/form.js';
import { FieldHelp } from './help.js';
import type { FieldProps } from './props.js';

/** A choice as cards, each with what it means for whoever chooses it. */
export function ChoiceCards({ field, value, issue, onChange, onDone }: FieldProps<ChoiceField>): ReactNode {
  const id = useId();
  return (
    <FormControl
      component="fieldset"
      fullWidth
      required={field.required}
      error={issue !== undefined}
      aria-describedby={`${id}-help`}
    >
      <FormLabel component="legend" sx={{ typography: 'body2', fontWeight: 600, color: 'text.primary', mb: 0.25 }}>
        {field.label}
      </FormLabel>
      <FormHelperText id={`${id}-help`} component="div" sx={{ mx: 0, mt: 0, mb: 1 }}>
        <FieldHelp help={field.help} issue={issue} />
      </FormHelperText>
      <RadioGroup
        name={field.key}
        value={value ?? ''}
        onChange={(_event, chosen) => {
          onChange(chosen);
          onDone();
        }}
        sx={{ display: 'grid', gap: 1 }}
      >
        {field.choices.map((choice) => {
          const chosen = value === choice.value;
          return (
            <FormControlLabel
              key={choice.value}
              value={choice.value}
              control={<Radio size="small" slotProps={{ input: { 'aria-describedby': `${id}-${choice.value}` } }} />}
              disableTypography
              sx={{
                m: 0,
                p: 1.25,
                pr: 2,
                alignItems: 'flex-start',
                border: 1,
                borderRadius: 1,
                borderColor: chosen ? 'primary.main' : 'line.main',
                bgcolor: chosen ? 'primary.light' : 'background.paper',
                '&:has(:focus-visible)': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: 2 },
                '& .MuiRadio-root': { p: 0.25, mr: 1 },
              }}
              label={
                <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
                  <Typography variant="body2" component="span" sx={{ fontWeight: 600, mr: 1 }}>
                    {choice.label}
                  </Typography>
                  {field.default === choice.value ? <ToneChip tone="neutral" label={formWords.default} /> : null}
                  <Typography
                    id={`${id}-${choice.value}`}
                    variant="caption"
                    component="span"
                    sx={{ display: 'block', color: 'text.secondary', mt: 0.25 }}
                  >
                    {choice.help}
                  </Typography>
                </Box>
              }
            />
          );
        })}
      </RadioGroup>
    </FormControl>
  );
}
