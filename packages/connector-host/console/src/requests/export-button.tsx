import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host, query } from '../api/client.js';
import { useNotify } from '../look/notify.js';
import { saveFile } from '../look/save-file.js';
import { requestsWords } from '../words/requests.js';
import { given, type RequestFilter } from './queries.js';

const look = { variant: 'outlined', startIcon: <DownloadIcon /> } as const;

/**
 * Downloads what the filter shows. A link, which the browser streams to disk; where somebody was searched for, a call, since the
 * address of a download is kept in the browser's history.
 */
export function ExportButton({ filter }: { readonly filter: RequestFilter }): ReactNode {
  const notify = useNotify();
  const save = useMutation({
    mutationFn: () => host.file('/requests/export', given({ ...filter })),
    onSuccess: (file) => saveFile(file, 'requests.csv'),
    onError: (error) => notify(error.message, 'error'),
  });
  return filter.search === '' ? (
    <Button {...look} component="a" href={`/api/v1/requests/export${query({ ...filter })}`} download>
      {requestsWords.export}
    </Button>
  ) : (
    <Button {...look} onClick={() => save.mutate()} disabled={save.isPending}>
      {requestsWords.export}
    </Button>
  );
}
