import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { Notice } from '../api/model.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { noticeWords } from '../words/notices.js';
import { receiver } from './receiver.js';

/** Gives a webhook a new secret, after saying what becomes of the old one. */
export function ReplaceSecret({
  notice,
  onMade,
  onClose,
}: {
  readonly notice: Notice;
  onMade(secret: string): void;
  onClose(): void;
}): ReactNode {
  const replace = useMutation({
    mutationFn: async () => {
      const { secret } = await host.post<{ readonly secret: string }>(`/notices/${notice.id}/secret`, {});
      onClose();
      onMade(secret);
    },
  });
  return (
    <AskDialog
      title={noticeWords.secretTitle(receiver(notice))}
      action={noticeWords.secret}
      pending={replace.isPending}
      error={replace.error}
      onClose={onClose}
      onSubmit={() => replace.mutate()}
    >
      <Typography variant="body2">{noticeWords.secretBody}</Typography>
    </AskDialog>
  );
}

/** Removes a notice, after saying what that does. */
export function RemoveNotice({ notice, onClose }: { readonly notice: Notice; onClose(): void }): ReactNode {
  const notify = useNotify();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => host.delete(`/notices/${notice.id}`),
    onSuccess: async () => {
      notify(noticeWords.removed);
      onClose();
      await client.invalidateQueries({ queryKey: ['notices'] });
      await client.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
  return (
    <AskDialog
      grave
      title={noticeWords.removeTitle(receiver(notice))}
      action={noticeWords.remove}
      pending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    >
      <Typography variant="body2">{noticeWords.removeBody}</Typography>
    </AskDialog>
  );
}
