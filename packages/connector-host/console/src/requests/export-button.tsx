import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import { useNotify } from '../look/notify.js';
import { saveFile } from '../look/save-file.js';
import { requestsWords } from '../words/requests.js';
import { given, type RequestFilter } from './queries.js';

const look = { variant: 'outlined', startIcon: <DownloadIcon /> } as const;

/** Downloads what the filter shows. By a call, not by a link, whose address would stay in the browser's history and which brings no proof of the session. */
export function ExportButton({ filter: { sort: _, ...filter } }: { readonly filter: RequestFilter }): ReactNode {
  const notify = useNotify();
  const save = useMutation({
    mutationFn: () => host.file('/requests/export', given(filter)),
    onSuccess: (file) => saveFile(file, 'requests.csv'),
    onError: (error) => notify(error.message, 'error'),
  });
  return (
    <Button {...look} onClick={() => save.mutate()} disabled={save.isPending}>
      {requestsWords.export}
    </Button>
  );
}
