import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host } from '../api/client.js';
import type { System } from '../api/model.js';
import { useConnections } from '../connections/queries.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { TextInput } from '../look/text-input.js';
import { treatmentWords } from '../words/map.js';
import { pathOf } from './queries.js';

type Treatment = NonNullable<System['treatment']>;

const fields = ['owner', 'instructions', 'days', 'coveredBy', 'lookAgainOn'] as const;

/** The fields that go with a kind of treatment, and whether it needs them. */
const fieldsOf: Readonly<Record<Treatment['kind'], Readonly<Partial<Record<(typeof fields)[number], boolean>>>>> = {
  'by-hand': { owner: true, instructions: false, days: false, lookAgainOn: false },
  'holds-nobody': { lookAgainOn: false },
  'covered-elsewhere': { coveredBy: true, lookAgainOn: false },
  accepted: { lookAgainOn: false },
};

/** Decides how people are treated in a system that a deletion does not reach. */
export function TreatmentDialog({ system, onClose }: { readonly system: System; onClose(): void }): ReactNode {
  const { treatment, name } = system;
  const notify = useNotify();
  const client = useQueryClient();
  const { data: connections = [] } = useConnections();
  const [kind, setKind] = useState<Treatment['kind'] | ''>(treatment?.kind ?? '');
  const [reason, setReason] = useState(treatment?.reason ?? '');
  const [given, setGiven] = useState<Readonly<Record<string, string>>>(() => {
    // A day that has come is none to look at it again.
    const { lookAgainOn, ...rest } = treatment ?? {};
    const before: Partial<Treatment> = treatment?.askedAgainAt === undefined ? (treatment ?? {}) : rest;
    return Object.fromEntries(fields.map((field) => [field, String(before[field] ?? '')]));
  });
  const needs = kind === '' ? {} : fieldsOf[kind];
  const lacks =
    kind === '' || reason.trim() === '' || fields.some((field) => needs[field] === true && given[field]?.trim() === '');
  const decide = useMutation({
    mutationFn: () => {
      const filled = fields.flatMap((field) => {
        const value = given[field]?.trim() ?? '';
        return needs[field] === undefined || value === ''
          ? []
          : [[field, field === 'days' ? Number(value) : value] as const];
      });
      return host.patch(pathOf(system), { treatment: { kind, reason, ...Object.fromEntries(filled) } });
    },
    onSuccess: () => {
      notify(treatmentWords.decided);
      onClose();
    },
    onSettled: () => client.invalidateQueries(),
  });
  const input = (
    field: (typeof fields)[number],
    more: { readonly type?: 'date' | 'number'; readonly lines?: number },
  ) =>
    needs[field] === undefined ? null : (
      <TextInput
        label={treatmentWords[field]}
        optional={needs[field] === false}
        longest={field === 'instructions' ? 4_000 : 200}
        {...(field === 'owner' || field === 'instructions' ? { help: treatmentWords.help[field] } : {})}
        value={given[field] ?? ''}
        onChange={(value) => setGiven({ ...given, [field]: value })}
        {...more}
      />
    );
  return (
    <AskDialog
      title={treatmentWords.dialogTitle(name)}
      action={treatmentWords.save}
      lacks={lacks}
      pending={decide.isPending}
      error={decide.error}
      onSubmit={() => decide.mutate()}
      onClose={onClose}
    >
      <Typography variant="body2">{treatmentWords.lead}</Typography>
      <RadioGroup
        aria-label={treatmentWords.kind}
        value={kind}
        onChange={(_event, value) => setKind(value as Treatment['kind'])}
      >
        {Object.entries(treatmentWords.meanings).map(([value, label]) => (
          <FormControlLabel key={value} value={value} control={<Radio size="small" />} label={label} />
        ))}
      </RadioGroup>
      {input('owner', {})}
      {input('instructions', { lines: 3 })}
      {input('days', { type: 'number' })}
      {needs.coveredBy === undefined ? null : (
        <TextField
          select
          required
          size="small"
          fullWidth
          label={treatmentWords.coveredBy}
          value={given['coveredBy'] ?? ''}
          onChange={(event) => setGiven({ ...given, coveredBy: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        >
          {connections
            .filter(({ id }) => id !== system.connection)
            .map((one) => (
              <MenuItem key={one.id} value={one.id}>
                {one.name}
              </MenuItem>
            ))}
        </TextField>
      )}
      <TextInput
        label={treatmentWords.reason}
        help={treatmentWords.reasonHelp}
        lines={2}
        value={reason}
        onChange={setReason}
      />
      {input('lookAgainOn', { type: 'date' })}
    </AskDialog>
  );
}
