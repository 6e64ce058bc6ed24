import FormControlLabel from '@mui/material/FormControlLabel';
import Switch from '@mui/material/Switch';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host } from '../api/client.js';
import type { Notice, NoticeList } from '../api/model.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { words } from '../words/common.js';
import { noticeWords } from '../words/notices.js';
import { bodyOf, draftOf, isWhole, NoticeFields } from './fields.js';
import { receiver } from './receiver.js';

/** Changes what somebody is told, and when not, or switches it off or on. */
export function ChangeNotice({
  notice,
  list,
  onClose,
}: {
  readonly notice: Notice;
  readonly list: NoticeList;
  onClose(): void;
}): ReactNode {
  const notify = useNotify();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(list, notice));
  const [active, setActive] = useState(notice.active);
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () => host.patch<Notice>(`/notices/${notice.id}`, { quiet: null, ...bodyOf(draft), active }),
    onSuccess: async () => {
      notify(noticeWords.changed);
      onClose();
      await client.invalidateQueries({ queryKey: ['notices'] });
    },
  });
  return (
    <AskDialog
      title={noticeWords.changeOf(receiver(notice))}
      action={words.save}
      pending={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (isWhole(draft)) change.mutate();
      }}
    >
      <FormControlLabel
        control={<Switch checked={active} onChange={(_event, on) => setActive(on)} />}
        label={noticeWords.active}
      />
      <NoticeFields draft={draft} list={list} tried={tried} onChange={setDraft} />
    </AskDialog>
  );
}
