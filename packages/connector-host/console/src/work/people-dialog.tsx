import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { WorkDetail } from '../api/model.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { saveFile } from '../look/save-file.js';
import { workActWords } from '../words/work.js';
import { workPath } from './queries.js';

/** Says what the download of the people does, and downloads them. */
export function PeopleDialog({ item, onClose }: { readonly item: WorkDetail; onClose(): void }): ReactNode {
  const { id, listedAt, state } = item;
  const notify = useNotify();
  const client = useQueryClient();
  const download = useMutation({
    // The file goes to the reader's disk and nowhere else: no cache of this page keeps it.
    mutationFn: async () => saveFile(await host.download(`${workPath(id)}/people`), `people-of-work-${id}.csv`),
    onSuccess: () => {
      notify(workActWords.peopleDone);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['work'] }),
  });
  const first = listedAt === undefined && state === 'open';
  return (
    <AskDialog
      title={first ? workActWords.peopleTitle : workActWords.peopleAgain}
      action={workActWords.download}
      pending={download.isPending}
      error={download.error}
      onSubmit={() => download.mutate()}
      onClose={onClose}
    >
      <Typography variant="body2">
        {first ? `${workActWords.peopleBody} ${workActWords.audited}` : workActWords.audited}
      </Typography>
    </AskDialog>
  );
}
