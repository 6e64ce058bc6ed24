import AddIcon from '@mui/icons-material/Add';
import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { FieldIssue } from 'connector-contract';
import { type ReactNode, useId } from 'react';
import type { Connection, Connector } from '../api/model.js';
import { FieldHelp } from '../form/help.js';
import { newRequestWords } from '../words/requests.js';

/** One line of the form. `kind` is `''` until it is chosen: then the first kind stands. */
export interface Entry {
  readonly key: number;
  readonly kind: string;
  readonly value: string;
}

/** A kind of identifier that some connection takes. */
export interface Kind {
  readonly kind: string;
  readonly label: string;
  readonly help: string;
}

/** The kinds that what is connected takes, by their manifests. */
export function kindsOf(connections: readonly Connection[], connectors: readonly Connector[]): readonly Kind[] {
  const used = new Set(connections.map(({ connector }) => connector));
  const kinds = new Map<string, Kind>();
  for (const { id, manifest } of connectors) {
    if (!used.has(id)) continue;
    for (const kind of manifest?.identities.kinds ?? []) if (!kinds.has(kind.kind)) kinds.set(kind.kind, kind);
  }
  return [...kinds.values()];
}

/** What a person is known by: as many lines as needed. */
export function Identifiers(props: {
  readonly entries: readonly Entry[];
  readonly kinds: readonly Kind[];
  readonly issues: readonly FieldIssue[];
  onChange(entries: readonly Entry[]): void;
}): ReactNode {
  const { entries, kinds, issues, onChange } = props;
  const id = useId();
  const put = (key: number, part: Partial<Entry>) =>
    onChange(entries.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const issueAt = (at: number) => issues.find(({ field }) => field.includes(`identifiers[${at}]`));
  const general = issues.find(({ field }) => field.endsWith('identifiers'));
  return (
    <Box role="group" aria-labelledby={id}>
      <Typography id={id} variant="body2" sx={{ fontWeight: 600 }}>
        {newRequestWords.who}
      </Typography>
      <Box sx={{ typography: 'caption', mb: 1.5 }}>
        <FieldHelp help={newRequestWords.whoHelp} issue={general} />
      </Box>
      <Stack spacing={2}>
        {entries.map((entry, at) => {
          const kind = kinds.find((one) => one.kind === entry.kind) ?? kinds[0];
          const issue = issueAt(at);
          return (
            <Stack key={entry.key} direction="row" sx={{ gap: 1, alignItems: 'flex-start' }}>
              <TextField
                select
                label={newRequestWords.kind}
                value={kind?.kind ?? ''}
                onChange={(event) => put(entry.key, { kind: event.target.value })}
                sx={{ minWidth: 116 }}
                size="small"
                slotProps={{ inputLabel: { shrink: true } }}
              >
                {kinds.map((one) => (
                  <MenuItem key={one.kind} value={one.kind}>
                    {one.label}
                  </MenuItem>
                ))}
              </TextField>
              <TextField
                label={newRequestWords.value}
                value={entry.value}
                onChange={(event) => put(entry.key, { value: event.target.value })}
                fullWidth
                size="small"
                autoComplete="off"
                error={issue !== undefined}
                helperText={<FieldHelp help={kind?.help} issue={issue} />}
                slotProps={{
                  inputLabel: { shrink: true },
                  formHelperText: { component: 'div' },
                  htmlInput: { spellCheck: false, autoCapitalize: 'none' },
                }}
              />
              {entries.length > 1 ? (
                <IconButton
                  size="small"
                  sx={{ mt: 0.5 }}
                  aria-label={newRequestWords.remove(at + 1)}
                  onClick={() => onChange(entries.filter((one) => one.key !== entry.key))}
                >
                  <CloseIcon fontSize="small" />
                </IconButton>
              ) : null}
            </Stack>
          );
        })}
      </Stack>
      <Button
        size="small"
        startIcon={<AddIcon />}
        sx={{ mt: 1 }}
        onClick={() =>
          onChange([
            ...entries,
            {
              key: Math.max(...entries.map(({ key }) => key)) + 1,
              kind: kinds[entries.length % Math.max(1, kinds.length)]?.kind ?? '',
              value: '',
            },
          ])
        }
      >
        {newRequestWords.add}
      </Button>
    </Box>
  );
}
