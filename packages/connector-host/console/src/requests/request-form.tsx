import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { FieldIssue } from 'connector-contract';
import type { FormEvent, ReactNode } from 'react';
import type { RequestDetail } from '../api/model.js';
import { useConnections } from '../connections/queries.js';
import { FieldHelp } from '../form/help.js';
import { DialogForm } from '../look/dialog-form.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { errorWords } from '../words/request.js';
import { newRequestWords } from '../words/requests.js';
import { Identifiers, type Kind } from './identifiers.js';
import { LegalFields } from './legal-fields.js';
import type { Draft } from './request-draft.js';
import { Targets } from './targets.js';

/** Props of {@link RequestForm}. */
export interface RequestFormProps {
  /** Id of the dialog's title. */
  readonly title: string;
  readonly draft: Draft;
  readonly kinds: readonly Kind[];
  /** The request that it corrects: what is asked for, and where, follows from that. */
  readonly corrects: RequestDetail | undefined;
  readonly issues: readonly FieldIssue[];
  readonly error: Error | null;
  readonly working: 'trying' | 'sending' | undefined;
  onChange(part: Partial<Draft>): void;
  onSubmit(event: FormEvent): void;
  onCancel(): void;
}

/** Fields whose issues stand beside them. */
const shown = /identifiers|requestId$|receivedAt$|dueAt$|jurisdiction$|days$/;

/** The form for one person. */
export function RequestForm(props: RequestFormProps): ReactNode {
  const { title, draft, kinds, corrects, issues, error, working, onChange, onSubmit, onCancel } = props;
  const { data: connections = [], isSuccess } = useConnections();
  const issueOf = (field: string) => issues.find((one) => one.field === field || one.field.endsWith(`.${field}`));
  const deletion = draft.right === 'deletion';
  const action =
    working === undefined ? (deletion ? newRequestWords.next : newRequestWords.submitAccess) : newRequestWords[working];
  return (
    <DialogForm onSubmit={onSubmit}>
      <DialogTitle id={title} variant="h2" component="h2">
        {corrects === undefined ? newRequestWords.title : errorWords.correctTitle}
      </DialogTitle>
      <DialogContent dividers>
        <Stack spacing={3} sx={{ pt: 1 }}>
          {isSuccess && connections.length === 0 ? (
            <Alert severity="warning">{newRequestWords.noConnections}</Alert>
          ) : null}
          {corrects === undefined ? (
            <Rights right={draft.right} onChange={(right) => onChange({ right })} />
          ) : (
            <Typography variant="body2">{errorWords.correctBody(corrects.requestId)}</Typography>
          )}
          <TextField
            label={newRequestWords.id}
            value={draft.requestId}
            required
            size="small"
            onChange={(event) => onChange({ requestId: event.target.value })}
            error={issueOf('requestId') !== undefined}
            helperText={<FieldHelp help={newRequestWords.idHelp} issue={issueOf('requestId')} />}
            slotProps={{
              inputLabel: { shrink: true },
              formHelperText: { component: 'div' },
              htmlInput: { spellCheck: false },
            }}
          />
          <Identifiers
            entries={draft.entries}
            kinds={kinds}
            issues={issues}
            onChange={(entries) => onChange({ entries })}
          />
          {corrects === undefined ? (
            <Targets
              right={draft.right}
              connections={connections}
              chosen={draft.chosen}
              onChange={(chosen) => onChange({ chosen })}
            />
          ) : null}
          <LegalFields draft={draft} correcting={corrects !== undefined} issueOf={issueOf} onChange={onChange} />
          <ActionProblem error={issues.some(({ field }) => shown.test(field)) ? undefined : error} />
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, py: 2, flexWrap: 'wrap', rowGap: 1 }}>
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button type="submit" variant="contained" disabled={working !== undefined}>
          {action}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}

function Rights(props: { readonly right: Draft['right']; onChange(right: Draft['right']): void }): ReactNode {
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend" sx={{ typography: 'body2', fontWeight: 600, color: 'text.primary' }}>
        {newRequestWords.right}
      </FormLabel>
      <RadioGroup row value={props.right} onChange={(_event, value) => props.onChange(value as Draft['right'])}>
        <FormControlLabel value="deletion" control={<Radio size="small" />} label={newRequestWords.deletion} />
        <FormControlLabel value="access" control={<Radio size="small" />} label={newRequestWords.access} />
      </RadioGroup>
    </FormControl>
  );
}
