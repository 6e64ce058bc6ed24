import Checkbox from '@mui/material/Checkbox';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormGroup from '@mui/material/FormGroup';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import type { ReactNode } from 'react';
import type { Connection } from '../api/model.js';
import { newRequestWords } from '../words/requests.js';

/** Which connections a request goes to: all that offer what it asks for, or some. */
export function Targets(props: {
  readonly right: 'deletion' | 'access';
  readonly connections: readonly Connection[];
  readonly chosen: readonly string[] | undefined;
  onChange(chosen: readonly string[] | undefined): void;
}): ReactNode {
  const { right, connections, chosen, onChange } = props;
  const offering = connections.filter(({ capabilities }) => right === 'access' || capabilities.includes('deletion'));
  if (offering.length < 2) return null;
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend" sx={{ typography: 'body2', fontWeight: 600, color: 'text.primary' }}>
        {newRequestWords.where}
      </FormLabel>
      <RadioGroup
        value={chosen === undefined ? 'all' : 'some'}
        onChange={(_event, value) => onChange(value === 'all' ? undefined : offering.map(({ id }) => id))}
      >
        <FormControlLabel value="all" control={<Radio size="small" />} label={newRequestWords.everywhere} />
        <FormControlLabel value="some" control={<Radio size="small" />} label={newRequestWords.chosen} />
      </RadioGroup>
      {chosen === undefined ? null : (
        <FormGroup sx={{ pl: 3.5 }}>
          {offering.map(({ id, name }) => (
            <FormControlLabel
              key={id}
              label={name}
              control={
                <Checkbox
                  size="small"
                  checked={chosen.includes(id)}
                  onChange={(_event, on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
                />
              }
            />
          ))}
        </FormGroup>
      )}
    </FormControl>
  );
}
