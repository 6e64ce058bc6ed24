/** A connector's configuration form, drawn from its manifest: another plugin needs no line here. */
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ConfigField, ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import { formWords } from '../words/form.js';
import { ChoiceCards } from './choice-field.js';
import type { DraftState } from './draft.js';
import { FoldedFields } from './folded-fields.js';
import { Notice, ToggleSwitch } from './small-fields.js';
import { EntryField } from './text-field.js';
import { fieldValue, isFolded, shownFields } from './visible.js';

/** Props of {@link ManifestForm}. */
export interface ManifestFormProps {
  readonly manifest: ConnectorManifest;
  readonly draft: DraftState;
  readonly endpointsAllowed: boolean;
  /** Keys of secrets that the host keeps already. */
  readonly stored?: ReadonlySet<string>;
  /** `secrets`: no other fields are drawn. What is entered in the others still decides which secrets there are. */
  readonly only?: 'all' | 'secrets';
}

function Field({
  field,
  draft,
  stored,
}: {
  readonly field: ConfigField;
  readonly draft: DraftState;
  readonly stored: boolean;
}): ReactNode {
  const common = {
    value: fieldValue(field, draft.values),
    issue: draft.issueOf(field.key),
    onChange: (value: string | number | boolean | undefined) => draft.set(field.key, value),
    onDone: () => draft.touch(field.key),
  };
  switch (field.kind) {
    case 'notice':
      return <Notice field={field} />;
    case 'choice':
      return <ChoiceCards field={field} {...common} />;
    case 'toggle':
      return <ToggleSwitch field={field} {...common} />;
    case 'secret':
      return <EntryField field={field} {...common} stored={stored} />;
    case 'string':
    case 'integer':
      return <EntryField field={field} {...common} />;
  }
}

/** The fields in their groups; what is advanced is folded until somebody opens it or one of its fields is at fault. */
export function ManifestForm(props: ManifestFormProps): ReactNode {
  const { manifest, draft, endpointsAllowed, stored = new Set(), only: drawn = 'all' } = props;
  const fields = shownFields(manifest, draft.values, endpointsAllowed).filter(
    ({ kind }) => drawn === 'all' || kind === 'secret',
  );
  const plain = fields.filter((field) => !isFolded(field, manifest));
  const folded = fields.filter((field) => isFolded(field, manifest));
  const faulty = folded.some(({ key }) => draft.issueOf(key) !== undefined);

  const groups = (of: readonly ConfigField[], titled: boolean) =>
    manifest.config.groups
      .map((group) => ({ group, members: of.filter((field) => field.group === group.id) }))
      .filter(({ members }) => members.length > 0)
      .map(({ group, members }) => (
        <Box key={group.id} component="section" aria-label={group.label}>
          {titled ? (
            <Box sx={{ mb: 2 }}>
              <Typography variant="h3">{group.label}</Typography>
              {group.help === undefined ? null : (
                <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
                  {group.help}
                </Typography>
              )}
            </Box>
          ) : null}
          <Stack spacing={2.5}>
            {members.map((field) => (
              <Field key={field.key} field={field} draft={draft} stored={stored.has(field.key)} />
            ))}
          </Stack>
        </Box>
      ));

  const foldedGroups = new Set(folded.map(({ group }) => group));
  const [only] = foldedGroups;
  const single = foldedGroups.size === 1 ? manifest.config.groups.find(({ id }) => id === only) : undefined;
  return (
    <Stack spacing={3}>
      {groups(plain, true)}
      {folded.length === 0 ? null : (
        <Box>
          <FoldedFields title={formWords.advanced} help={single?.help} faulty={faulty} spacing={3}>
            {groups(folded, single === undefined)}
          </FoldedFields>
        </Box>
      )}
    </Stack>
  );
}
