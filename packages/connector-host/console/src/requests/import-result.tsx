import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { ImportReport } from '../api/model.js';
import { ToneChip } from '../look/chips.js';
import { saveFile } from '../look/save-file.js';
import { importWords } from '../words/requests.js';
import { badLines } from './bad-lines.js';

const shownLines = 100;

/** What an import did or would do, and the lines that were not taken. */
export function ImportResult({
  report,
  dry,
  file,
}: {
  readonly report: ImportReport;
  readonly dry: boolean;
  readonly file: File;
}): ReactNode {
  const { accepted, duplicates, rejected, doubtful, errors, mendings } = report;
  const left = rejected + doubtful;
  const title = dry ? importWords.wouldNotTake : importWords.badLines;
  const save = async () => saveFile(await badLines(file, errors), `${file.name.replace(/\.[^.]*$/, '')}-bad-lines.csv`);
  const figures = [
    [dry ? importWords.acceptable : importWords.accepted, accepted, 'success.main'],
    [importWords.duplicates, duplicates, 'text.primary'],
    [importWords.rejected, rejected, rejected > 0 ? 'error.main' : 'text.primary'],
    [importWords.doubtful, doubtful, doubtful > 0 ? 'warning.main' : 'text.primary'],
  ] as const;
  return (
    <Box role="region" aria-live="polite" aria-label={dry ? importWords.checked : importWords.done}>
      <Box
        component="dl"
        sx={{ display: 'grid', gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(4, 1fr)' }, gap: 1.5, m: 0 }}
      >
        {figures.map(([label, count, color]) => (
          <Box
            key={label}
            sx={{
              border: 1,
              borderColor: 'line.main',
              borderRadius: 1,
              p: 1.5,
              display: 'flex',
              flexDirection: 'column-reverse',
            }}
          >
            <Typography component="dt" variant="caption" sx={{ color: 'text.secondary' }}>
              {label}
            </Typography>
            <Typography
              component="dd"
              sx={{ m: 0, fontSize: '1.5rem', fontWeight: 650, color, fontVariantNumeric: 'tabular-nums' }}
            >
              {count.toLocaleString()}
            </Typography>
          </Box>
        ))}
      </Box>
      {mendings.length === 0 ? null : (
        <Box sx={{ mt: 2 }}>
          <Typography variant="h3">{importWords.mendings}</Typography>
          <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5, typography: 'body2' }}>
            {mendings.map(({ code, message, count }) => (
              <li key={code}>
                {message}
                {importWords.times(count)}
              </li>
            ))}
          </Box>
        </Box>
      )}
      {errors.length === 0 ? (
        <Typography variant="body2" sx={{ mt: 1.5 }}>
          {left === 0 ? importWords.good : ''}
        </Typography>
      ) : (
        <Box sx={{ mt: 2 }}>
          <Stack
            direction="row"
            sx={{ justifyContent: 'space-between', alignItems: 'center', gap: 1, flexWrap: 'wrap' }}
          >
            <Typography variant="h3">{title}</Typography>
            <Button size="small" startIcon={<DownloadIcon />} onClick={() => void save()}>
              {importWords.download}
            </Button>
          </Stack>
          <Box
            role="group"
            aria-label={title}
            tabIndex={0}
            sx={{ maxHeight: 240, overflow: 'auto', border: 1, borderColor: 'line.main', borderRadius: 1, mt: 1 }}
          >
            <Table size="small" stickyHeader>
              <TableHead>
                <TableRow>
                  <TableCell>{importWords.line}</TableCell>
                  <TableCell>{importWords.why}</TableCell>
                  <TableCell>{importWords.what}</TableCell>
                </TableRow>
              </TableHead>
              <TableBody>
                {errors.slice(0, shownLines).map(({ line, message, doubtful: held }) => (
                  <TableRow key={`${line} ${message}`}>
                    <TableCell sx={{ fontVariantNumeric: 'tabular-nums' }}>{line}</TableCell>
                    <TableCell sx={{ overflowWrap: 'anywhere' }}>{message}</TableCell>
                    <TableCell>
                      {held === true ? (
                        <ToneChip tone="warning" label={importWords.heldLine} />
                      ) : (
                        <ToneChip tone="error" label={importWords.rejected} />
                      )}
                    </TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </Box>
          {left > shownLines ? (
            <Typography variant="caption" sx={{ color: 'text.secondary' }}>
              {importWords.first(shownLines)}
              {left > errors.length ? ` ${importWords.fileHolds(errors.length)}` : ''}
            </Typography>
          ) : null}
        </Box>
      )}
    </Box>
  );
}
