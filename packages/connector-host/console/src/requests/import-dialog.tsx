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
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Problem } from '../api/client.js';
import type { DryRun, ImportReport } from '../api/model.js';
import { importFile } from '../api/upload.js';
import { reveal } from '../look/reveal.js';
import { ActionProblem } from '../look/states.js';
import { words } from '../words/common.js';
import { importWords } from '../words/requests.js';
import { DropZone } from './drop-zone.js';
import { DryRunResult } from './dry-run.js';
import { ImportResult } from './import-result.js';

const megabyte = 1024 * 1024;
const sizeOf = ({ size }: File) =>
  size < megabyte
    ? `${Math.max(1, Math.round(size / 1024)).toLocaleString()} kB`
    : `${(size / megabyte).toFixed(1)} MB`;

/** Takes in a file of any size, with its progress, and says which lines were not taken. */
export function ImportDialog({ onClose }: { onClose(): void }): ReactNode {
  const title = useId();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'));
  const client = useQueryClient();
  const [file, setFile] = useState<File | undefined>();
  const [sent, setSent] = useState(0);
  const controller = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const run = useMutation({
    mutationFn: async ({ file: chosen, dry }: { readonly file: File; readonly dry: boolean }) => {
      controller.current = new AbortController();
      setSent(0);
      return importFile<ImportReport & { readonly plan?: DryRun }>(chosen, dry, setSent, controller.current.signal);
    },
    onSettled: (_report, _error, { dry }) => (dry ? undefined : client.invalidateQueries({ queryKey: ['requests'] })),
  });
  const stopped = run.error instanceof Problem && run.error.code === 'ABORTED';
  const dry = run.variables?.dry === true;
  const choose = (chosen: File) => {
    run.reset();
    setFile(chosen);
  };
  const percent = file === undefined || file.size === 0 ? 0 : Math.min(100, Math.floor((100 * sent) / file.size));
  const progress = dry ? importWords.reading : percent >= 100 ? importWords.storing : importWords.sending(percent);
  const finished = run.isSuccess && !dry;
  return (
    <Dialog
      open
      onClose={run.isPending ? undefined : onClose}
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
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {importWords.lead}
          </Typography>
          {finished || run.isPending ? null : (
            <DropZone
              label={file === undefined ? undefined : importWords.chosen(file.name, sizeOf(file))}
              onFile={choose}
            />
          )}
          {run.isPending ? (
            <Box>
              <LinearProgress
                variant={dry || percent >= 100 ? 'indeterminate' : 'determinate'}
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
          {stopped ? <Alert severity="info">{importWords.stopped}</Alert> : <ActionProblem error={run.error} />}
          {run.isSuccess && file !== undefined ? (
            <Box ref={reveal}>
              <ImportResult report={run.data} dry={dry} file={file} />
            </Box>
          ) : null}
          {run.isSuccess && run.data.plan !== undefined ? <DryRunResult run={run.data.plan} /> : null}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, py: 2 }}>
        {run.isPending ? (
          <Button onClick={() => controller.current?.abort()}>{importWords.stop}</Button>
        ) : finished ? (
          <>
            <Button
              onClick={() => {
                run.reset();
                setFile(undefined);
              }}
            >
              {importWords.again}
            </Button>
            <Button variant="contained" onClick={onClose}>
              {importWords.toRequests}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{words.cancel}</Button>
            <Button
              variant="outlined"
              disabled={file === undefined}
              onClick={() => file && run.mutate({ file, dry: true })}
            >
              {importWords.dryRun}
            </Button>
            <Button
              variant="contained"
              disabled={file === undefined}
              onClick={() => file && run.mutate({ file, dry: false })}
            >
              {importWords.start}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}
