import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { FieldIssue } from 'connector-contract';
import { type ReactNode, useState } from 'react';
import { useSettings } from '../api/settings.js';
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
  const [opened, setOpened] = useState(false);
  const faulty = ['receivedAt', 'dueAt', 'jurisdiction', 'days'].some((field) => issueOf(field) !== undefined);
  const usual =
    settings === undefined ? undefined : legalWords.usual(clockWords.laws[settings.jurisdiction](settings.days));
  return (
    <Accordion
      variant="outlined"
      disableGutters
      expanded={opened || faulty}
      onChange={(_event, open) => setOpened(open)}
      sx={{ borderRadius: 1, borderColor: 'line.main', '&::before': { display: 'none' } }}
      slotProps={{ heading: { component: 'h3' } }}
    >
      <AccordionSummary expandIcon={<ExpandMoreIcon />}>
        <Box component="span">
          <Typography component="span" variant="body2" sx={{ display: 'block', fontWeight: 600 }}>
            {clockWords.title}
          </Typography>
          <Typography component="span" variant="caption" sx={{ color: 'text.secondary' }}>
            {correcting ? legalWords.asBefore : usual}
          </Typography>
        </Box>
      </AccordionSummary>
      <AccordionDetails>
        <Stack spacing={2.5}>
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
        </Stack>
      </AccordionDetails>
    </Accordion>
  );
}
