import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host } from '../api/client.js';
import type { MadeNotice, NoticeList, Role } from '../api/model.js';
import { AskDialog } from '../look/ask-dialog.js';
import { useNotify } from '../look/notify.js';
import { TextInput } from '../look/text-input.js';
import { roleWords, words } from '../words/common.js';
import { noticeWords } from '../words/notices.js';
import { bodyOf, draftOf, isWhole, NoticeFields } from './fields.js';

const roles = Object.keys(roleWords) as readonly Role[];

type Way = keyof typeof noticeWords.ways;

/** Asks who is to be told what, and has them told. */
export function AddNotice({
  list,
  onMade,
  onClose,
}: {
  readonly list: NoticeList;
  onMade(made: MadeNotice): void;
  onClose(): void;
}): ReactNode {
  const notify = useNotify();
  const client = useQueryClient();
  const [way, setWay] = useState<Way>(list.mail ? 'address' : 'url');
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('privacy-manager');
  const [draft, setDraft] = useState(() => draftOf(list));
  const [tried, setTried] = useState(false);
  const ways = (Object.keys(noticeWords.ways) as readonly Way[]).filter((one) => list.mail || one === 'url');
  const lacks = (way === 'address' || way === 'url') && text.trim() === '';
  const add = useMutation({
    mutationFn: () => {
      const to = { address: text.trim(), role, owner: true, url: text.trim() }[way];
      const channel = way === 'url' ? 'webhook' : 'email';
      return host.post<MadeNotice>('/notices', { channel, [way]: to, ...bodyOf(draft) });
    },
    onSuccess: async (made) => {
      notify(noticeWords.added);
      onClose();
      onMade(made);
      await client.invalidateQueries({ queryKey: ['notices'] });
    },
  });
  const missing = { field: way, code: 'MISSING', message: noticeWords.missing };
  return (
    <AskDialog
      title={noticeWords.add}
      action={words.save}
      pending={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (!lacks && isWhole(draft)) add.mutate();
      }}
    >
      <TextField
        select
        label={noticeWords.way}
        value={way}
        size="small"
        onChange={(event) => setWay(event.target.value as Way)}
      >
        {ways.map((one) => (
          <MenuItem key={one} value={one}>
            {noticeWords.ways[one]}
          </MenuItem>
        ))}
      </TextField>
      {way === 'address' || way === 'url' ? (
        <TextInput
          label={noticeWords[way]}
          value={text}
          {...(way === 'url' ? { help: noticeWords.urlHelp } : {})}
          longest={2_000}
          issue={tried && lacks ? missing : undefined}
          onChange={setText}
        />
      ) : null}
      {way === 'role' ? (
        <TextField
          select
          label={noticeWords.role}
          value={role}
          size="small"
          helperText={noticeWords.roleHelp}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {roles.map((one) => (
            <MenuItem key={one} value={one}>
              {roleWords[one]}
            </MenuItem>
          ))}
        </TextField>
      ) : null}
      <NoticeFields draft={draft} list={list} tried={tried} onChange={setDraft} />
    </AskDialog>
  );
}
