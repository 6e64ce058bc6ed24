import AddIcon from '@mui/icons-material/Add';
import InboxIcon from '@mui/icons-material/InboxOutlined';
import ReplayIcon from '@mui/icons-material/Replay';
import UploadIcon from '@mui/icons-material/UploadFileOutlined';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { lazy, type ReactNode, Suspense } from 'react';
import { useSession } from '../api/session.js';
import { useDialogAddress } from '../look/dialog-address.js';
import { Page } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { requestsWords } from '../words/requests.js';
import { ExportButton } from './export-button.js';
import { useFilterState } from './filter-state.js';
import { Filters, StateCounters } from './filters.js';
import { useCounts, useRows } from './queries.js';
import { RequestTable } from './table.js';

const RequestDialog = lazy(async () => ({ default: (await import('./request-dialog.js')).RequestDialog }));
const ImportDialog = lazy(async () => ({ default: (await import('./import-dialog.js')).ImportDialog }));
const RetryDialog = lazy(async () => ({ default: (await import('./retry-dialog.js')).RetryDialog }));

const dialogs = ['new', 'import', 'retry'] as const;

/** Everybody who is to be erased or served, and where each stands. */
export function Requests(): ReactNode {
  const { may } = useSession();
  const { filter, filtered, change, clear } = useFilterState();
  const { dialog, open, close } = useDialogAddress(dialogs);
  const counts = useCounts(filter);
  const rows = useRows(filter, counts.dataUpdatedAt);
  const mayCreate = may('requests:create');
  return (
    <Box
      sx={{
        flex: 1,
        display: 'flex',
        flexDirection: 'column',
        '& > *': { display: 'flex', flexDirection: 'column', flex: 1 },
      }}
    >
      <Page
        wide
        title={requestsWords.title}
        lead={requestsWords.lead}
        actions={
          <>
            {filter.status === 'error' && may('requests:retry') ? (
              <Button variant="outlined" startIcon={<ReplayIcon />} onClick={() => open('retry')}>
                {requestsWords.retryAll}
              </Button>
            ) : null}
            <ExportButton filter={filter} />
            {mayCreate ? (
              <>
                <Button variant="outlined" startIcon={<UploadIcon />} onClick={() => open('import')}>
                  {requestsWords.importFile}
                </Button>
                <Button variant="contained" startIcon={<AddIcon />} onClick={() => open('new')}>
                  {requestsWords.newRequest}
                </Button>
              </>
            ) : null}
          </>
        }
      >
        <Card sx={{ flex: 1, display: 'flex', flexDirection: 'column', minHeight: 420 }}>
          <Stack spacing={2} sx={{ p: { xs: 2, md: 2.5 }, pb: { xs: 1.5, md: 1.5 } }}>
            <StateCounters counted={counts.data} status={filter.status} onChange={(status) => change({ status })} />
            <Filters filter={filter} filtered={filtered} change={change} clear={clear} />
            <Typography variant="caption" role="status" sx={{ color: 'text.secondary' }}>
              {rows.pending ? '' : requestsWords.counted(rows.total, rows.countedTo)}
            </Typography>
          </Stack>
          {rows.outdated ? (
            <Alert
              severity="info"
              sx={{ mx: 2.5, mb: 1, py: 0 }}
              action={
                <Button size="small" color="inherit" onClick={rows.reload}>
                  {requestsWords.showNewer}
                </Button>
              }
            >
              {requestsWords.newer}
            </Alert>
          ) : null}
          {rows.error !== undefined ? (
            <Box sx={{ p: 2.5 }}>
              <Failure error={rows.error} again={rows.reload} />
            </Box>
          ) : rows.pending ? (
            <Box sx={{ p: 2.5 }}>
              <Loading rows={8} height={36} />
            </Box>
          ) : rows.items.length === 0 ? (
            <Empty
              icon={InboxIcon}
              title={filtered ? requestsWords.noneTitle : requestsWords.emptyTitle}
              action={filtered ? <Button onClick={clear}>{requestsWords.clear}</Button> : undefined}
            >
              {filtered ? requestsWords.none : requestsWords.empty}
            </Empty>
          ) : (
            <RequestTable rows={rows} />
          )}
        </Card>
        <Suspense fallback={null}>
          {dialog('new') === '1' && mayCreate ? <RequestDialog onClose={close} /> : null}
          {dialog('import') === '1' && mayCreate ? <ImportDialog onClose={close} /> : null}
          {dialog('retry') === '1' ? <RetryDialog connection={filter.connection} onClose={close} /> : null}
        </Suspense>
      </Page>
    </Box>
  );
}
