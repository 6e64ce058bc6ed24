import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { AnswerFile, AnswerFileList } from '../api/model.js';
import { saveFile } from '../look/save-file.js';
import { ActionProblem } from '../look/states.js';
import { askWords } from '../words/request.js';

const sizeOf = (bytes: number) =>
  bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000).toLocaleString()} kB`
    : `${(bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;

/** The files that came with an answer, for those who may see people: to be downloaded, never shown here. */
export function AnswerFiles({ task, path }: { readonly task: number; readonly path: string }): ReactNode {
  const { data } = useQuery({
    queryKey: ['request', path, 'files'],
    queryFn: ({ signal }) => host.get<AnswerFileList>(`${path}/files`, signal),
  });
  const download = useMutation({
    mutationFn: async ({ id, name }: AnswerFile) => saveFile(await host.download(`${path}/files/${id}`), name),
  });
  const files = data?.items.filter((one) => one.task === task) ?? [];
  if (files.length === 0) return null;
  return (
    <Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {askWords.files}
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
              {askWords.file(file.name, sizeOf(file.bytes))}
            </Button>
          </li>
        ))}
      </Box>
      <ActionProblem error={download.error} />
    </Box>
  );
}
