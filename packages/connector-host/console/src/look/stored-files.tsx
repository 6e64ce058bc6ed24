import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { StoredFile, StoredFileList } from '../api/model.js';
import { fileWords, sizeWords } from '../words/files.js';
import { saveFile } from './save-file.js';
import { ActionProblem } from './states.js';

/** Files, for those who may see people: to be downloaded, never shown here. */
export function StoredFiles(props: {
  /** What they are. */
  readonly label: string;
  /** Where they are listed. */
  readonly path: string;
  /** Only those of this task. */
  readonly task?: number;
}): ReactNode {
  const { label, path, task } = props;
  const { data } = useQuery({
    queryKey: ['files', path],
    queryFn: ({ signal }) => host.get<StoredFileList>(path, signal),
  });
  const download = useMutation({
    mutationFn: async ({ id, name }: StoredFile) => saveFile(await host.download(`${path}/${id}`), name),
  });
  const files = data?.items.filter((one) => one.task === task) ?? [];
  if (files.length === 0) return null;
  return (
    <Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {label} {fileWords.unseen}
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {files.map((file) => (
          <li key={file.id}>
            <Button
              size="small"
              startIcon={<DownloadIcon />}
              disabled={download.isPending}
              onClick={() => download.mutate(file)}
              sx={{ textAlign: 'left', overflowWrap: 'anywhere' }}
            >
              {fileWords.file(file.name, sizeWords(file.bytes))}
            </Button>
          </li>
        ))}
      </Box>
      <ActionProblem error={download.error} />
    </Box>
  );
}
