import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useAbort } from '../api/abort.js';
import { Problem } from '../api/client.js';
import type { ImportPlan, ImportReport } from '../api/model.js';
import { type ImportTerms, importFile } from '../api/upload.js';
import { reveal } from '../look/reveal.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { sizeWords } from '../words/files.js';
import { importWords } from '../words/requests.js';
import { DoubtfulChoice, undecidedDoubt } from './doubtful-lines.js';
import { DropZone } from './drop-zone.js';
import { DryRunResult } from './dry-run.js';
import { ExtraColumns, onlyExtraColumns } from './extra-columns.js';
import { ImportResult } from './import-result.js';
import { useTypedCount } from './typed-count.js';

const usualTerms: ImportTerms = { allowDoubtful: false, ignoreColumns: false };

/** Takes in a file of any size: first what it would do, then the deed, with its progress and the lines that were not taken. */
export function ImportDialog({ onClose }: { onClose(): void }): ReactNode {
  const title = useId();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'));
  const client = useQueryClient();
  const [file, setFile] = useState<File | undefined>();
  const [terms, setTerms] = useState<ImportTerms>(usualTerms);
  const [sent, setSent] = useState(0);
  const { signal, abort } = useAbort();
  const send = <Report,>(chosen: File, wish: ImportTerms, dry: boolean) => {
    setSent(0);
    return importFile<Report>(chosen, wish, dry, setSent, signal());
  };
  const check = useMutation({
    mutationFn: ({ chosen, wish }: { readonly chosen: File; readonly wish: ImportTerms }) =>
      send<ImportPlan>(chosen, wish, true),
  });
  const take = useMutation({
    mutationFn: ({ chosen, wish }: { readonly chosen: File; readonly wish: ImportTerms }) =>
      send<ImportReport>(chosen, wish, false),
    onSettled: () => client.invalidateQueries({ queryKey: ['requests'] }),
  });
  const busy = check.isPending || take.isPending;
  const plan = check.data;
  const typed = useTypedCount(plan?.plan.subjects ?? 0);
  const begin = (chosen: File | undefined) => {
    check.reset();
    take.reset();
    setTerms(usualTerms);
    typed.clear();
    setFile(chosen);
  };
  /** Reads the file again on other terms: what it would do is something else then. */
  const checkBy = (wish: ImportTerms) => {
    setTerms(wish);
    typed.clear();
    if (file !== undefined) check.mutate({ chosen: file, wish });
  };
  const error = take.error ?? check.error;
  const stopped = error instanceof Problem && error.code === 'ABORTED';
  const percent = file === undefined || file.size === 0 ? 0 : Math.min(100, Math.floor((100 * sent) / file.size));
  const progress = check.isPending
    ? importWords.reading
    : percent >= 100
      ? importWords.storing
      : importWords.sending(percent);
  const ready = plan !== undefined && plan.accepted > 0 && !undecidedDoubt(plan, terms) && typed.confirmed;
  return (
    <Dialog
      open
      onClose={busy ? undefined : onClose}
      fullWidth
      maxWidth="sm"
      fullScreen={narrow}
      aria-labelledby={title}
    >
      <DialogTitle id={title} variant="h2" component="h2">
        {importWords.title}
      </DialogTitle>
      <DialogContent dividers>
        <Stack spacing={2.5}>
          {plan === undefined && !take.isSuccess ? (
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {importWords.lead}
            </Typography>
          ) : null}
          {take.isSuccess || busy ? null : (
            <DropZone
              label={file === undefined ? undefined : importWords.chosen(file.name, sizeWords(file.size))}
              onFile={begin}
            />
          )}
          {busy ? (
            <Box>
              <LinearProgress
                variant={check.isPending || percent >= 100 ? 'indeterminate' : 'determinate'}
                value={percent}
                aria-label={progress}
                sx={{ height: 8, borderRadius: 1 }}
              />
              <Typography variant="body2" role="status" sx={{ mt: 1 }}>
                {file === undefined ? '' : `${file.name}: `}
                {progress}
              </Typography>
            </Box>
          ) : null}
          {stopped ? (
            <Alert severity="info">{take.error === null ? importWords.checkStopped : importWords.stopped}</Alert>
          ) : onlyExtraColumns(error) ? (
            <ExtraColumns problem={error} onSkip={() => checkBy({ ...terms, ignoreColumns: true })} />
          ) : (
            <ActionProblem error={error} />
          )}
          {busy || file === undefined ? null : take.isSuccess ? (
            <Box ref={reveal}>
              <ImportResult report={take.data} dry={false} file={file} />
            </Box>
          ) : plan === undefined ? null : (
            <Box ref={reveal}>
              <ImportResult report={plan} dry file={file} />
              <Stack spacing={2.5} sx={{ mt: 2.5 }}>
                <DoubtfulChoice report={plan} terms={terms} onChange={checkBy} />
                <DryRunResult run={plan.plan} />
                <Typography variant="body2">
                  {plan.accepted === 0 ? importWords.nothingToTake : importWords.nothingYet}
                </Typography>
                {typed.field}
              </Stack>
            </Box>
          )}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, py: 2 }}>
        {busy ? (
          <Button onClick={abort}>{importWords.stop}</Button>
        ) : take.isSuccess ? (
          <>
            <Button onClick={() => begin(undefined)}>{importWords.again}</Button>
            <Button variant="contained" onClick={onClose}>
              {importWords.toRequests}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{words.cancel}</Button>
            {plan === undefined ? (
              <Button variant="contained" disabled={file === undefined} onClick={() => checkBy(terms)}>
                {importWords.check}
              </Button>
            ) : (
              <Button
                variant="contained"
                color="error"
                disabled={!ready}
                onClick={() => file && take.mutate({ chosen: file, wish: terms })}
              >
                {importWords.start(plan.accepted)}
              </Button>
            )}
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}
