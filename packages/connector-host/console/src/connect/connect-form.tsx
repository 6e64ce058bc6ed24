import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ConnectorManifest } from 'connector-contract';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { host, Problem } from '../api/client.js';
import type { Connection } from '../api/model.js';
import { ContactFields, contactDraft, namesNobody } from '../connections/contact-fields.js';
import { useConnections, useEndpointsAllowed } from '../connections/queries.js';
import { useDraft } from '../form/draft.js';
import { FoldedFields } from '../form/folded-fields.js';
import { FieldHelp } from '../form/help.js';
import { ManifestForm } from '../form/manifest-form.js';
import { Section } from '../look/page.js';
import { ActionProblem } from '../look/states.js';
import { connectWords } from '../words/connect.js';
import { contactWords } from '../words/contact.js';
import { formWords } from '../words/form.js';
import { CheckFindings } from './check-report.js';

/** A name that no connection has yet. */
function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  let name = wanted;
  for (let at = 2; used.has(name.toLowerCase()); at += 1) name = `${wanted} ${at}`;
  return name;
}

/** The form. Its answer is the check: where it is blocked nothing was saved. */
export function ConnectForm({
  manifest,
  onMade,
}: {
  readonly manifest: ConnectorManifest;
  onMade(connection: Connection): void;
}): ReactNode {
  const endpointsAllowed = useEndpointsAllowed(manifest);
  const { data: connections = [] } = useConnections();
  const [ownName, setName] = useState<string | undefined>();
  const name =
    ownName ??
    freeName(
      manifest.displayName,
      connections.map((one) => one.name),
    );
  const draft = useDraft({ manifest, initial: {}, endpointsAllowed });
  const asks = manifest.access.type === 'direct-contact';
  const [contact, setContact] = useState(() => contactDraft());
  const form = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      host.post<Connection>('/connections', {
        connector: manifest.id,
        name,
        config: draft.config,
        ...(asks && !namesNobody(contact) ? { contact } : {}),
      }),
    onSuccess: (connection) => {
      void client.invalidateQueries({ queryKey: ['connections'] });
      onMade(connection);
    },
    onError: (error) => {
      if (error instanceof Problem) draft.take(error.errors);
      // Where the reader has to go on: at the first fault, or at what the check found.
      const blocked = error instanceof Problem && error.report !== undefined;
      const wanted = blocked ? '[data-outcome]' : '[aria-invalid="true"], [data-outcome]';
      setTimeout(() => form.current?.querySelector<HTMLElement>(wanted)?.focus(), 50);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.touchAll();
    make.mutate();
  };
  const problem = make.error instanceof Problem ? make.error : undefined;
  const report = problem?.report;
  const nameIssue = draft.issueOf('name');
  return (
    <Section title={connectWords.form}>
      <Stack component="form" ref={form} noValidate onSubmit={submit} spacing={3} aria-label={connectWords.form}>
        <TextField
          label={connectWords.name}
          value={name}
          required
          onChange={(event) => {
            setName(event.target.value);
            draft.set('name', undefined);
          }}
          error={nameIssue !== undefined}
          helperText={<FieldHelp help={connectWords.nameHelp} issue={nameIssue} />}
          fullWidth
          slotProps={{ inputLabel: { shrink: true }, formHelperText: { component: 'div' } }}
        />
        <ManifestForm manifest={manifest} draft={draft} endpointsAllowed={endpointsAllowed} />
        {asks ? (
          <FoldedFields
            title={contactWords.title}
            help={contactWords.fold}
            faulty={problem?.errors.some(({ field }) => field.startsWith('contact.')) === true}
            spacing={2.5}
          >
            <ContactFields
              draft={contact}
              issueOf={draft.issueOf}
              onChange={(next) => {
                setContact(next);
                for (const field of Object.keys(next)) draft.set(`contact.${field}`, undefined);
              }}
            />
          </FoldedFields>
        ) : null}
        <Box>
          <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
            <Button
              type="submit"
              variant="contained"
              size="large"
              disabled={make.isPending}
              startIcon={make.isPending ? <CircularProgress size={16} color="inherit" aria-hidden /> : undefined}
            >
              {make.isPending ? connectWords.configuring : connectWords.configure}
            </Button>
            <Typography variant="caption" sx={{ color: 'text.secondary' }}>
              {connectWords.checkingHelp}
            </Typography>
          </Stack>
        </Box>
        <Box
          role="region"
          data-outcome
          tabIndex={-1}
          sx={{ scrollMarginTop: 72, outline: 'none' }}
          aria-live="polite"
          aria-label={connectWords.blockedTitle}
          hidden={problem === undefined || make.isPending}
        >
          {report !== undefined ? (
            <Stack spacing={2}>
              <Alert severity="error" variant="filled">
                <AlertTitle sx={{ mb: 0 }}>{connectWords.blockedTitle}</AlertTitle>
                {report.problems.length > 0 ? null : problem?.message}
              </Alert>
              <CheckFindings report={report} manifest={manifest} />
            </Stack>
          ) : problem !== undefined && problem.errors.length > 0 ? (
            <Alert severity="error" variant="outlined">
              {formWords.faults(new Set(problem.errors.map(({ field }) => field)).size)}
            </Alert>
          ) : (
            <ActionProblem error={make.error} />
          )}
        </Box>
      </Stack>
    </Section>
  );
}
