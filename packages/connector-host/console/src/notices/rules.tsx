import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { Delivery, Notice, NoticeList } from '../api/model.js';
import { ToneChip } from '../look/chips.js';
import { Listing } from '../look/listing.js';
import { useNotify } from '../look/notify.js';
import { noticeWords } from '../words/notices.js';
import { receiver } from './receiver.js';

/** Kinds that are left out and named, instead of all others. */
const FEW = 3;

/** Who is told what, a row each. */
export function Rules({
  list,
  onOpen,
}: {
  readonly list: NoticeList;
  onOpen(dialog: 'change' | 'secret' | 'remove', id: string): void;
}): ReactNode {
  const { columns } = noticeWords;
  return (
    <Listing
      name={noticeWords.list}
      columns={[columns.to, columns.what, columns.quiet, columns.state]}
      actions={columns.actions}
    >
      {list.items.map((notice) => (
        <Rule key={notice.id} notice={notice} kinds={list.kinds} onOpen={onOpen} />
      ))}
    </Listing>
  );
}

function Rule({
  notice,
  kinds,
  onOpen,
}: {
  readonly notice: Notice;
  readonly kinds: NoticeList['kinds'];
  onOpen(dialog: 'change' | 'secret' | 'remove', id: string): void;
}): ReactNode {
  const { id, channel, quiet, zone, active, switchedOff } = notice;
  const to = receiver(notice);
  const told = kinds.filter(({ kind }) => notice.kinds.includes(kind));
  const left = kinds.filter(({ kind }) => !notice.kinds.includes(kind));
  // What is left out is shorter to read where that is little.
  const but = left.length <= FEW;
  return (
    <TableRow sx={{ verticalAlign: 'top' }}>
      <TableCell component="th" scope="row" sx={{ minWidth: 170, overflowWrap: 'anywhere', fontWeight: 600 }}>
        {to}
      </TableCell>
      <TableCell sx={{ minWidth: 220 }}>
        {but ? (left.length === 0 ? noticeWords.everything : noticeWords.everythingBut) : null}
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {(but ? left : told).map(({ kind, label }) => (
            <li key={kind}>{label}</li>
          ))}
        </Box>
      </TableCell>
      <TableCell sx={{ minWidth: 130 }}>
        {quiet === undefined ? noticeWords.quietNone : noticeWords.quietText(quiet.from, quiet.until, zone)}
      </TableCell>
      <TableCell sx={{ minWidth: 100 }}>
        <ToneChip
          tone={active ? 'success' : switchedOff === undefined ? 'neutral' : 'error'}
          label={active ? noticeWords.on : noticeWords.off}
        />
        {switchedOff === undefined ? null : (
          <Typography variant="caption" component="p" sx={{ mt: 0.5 }}>
            {noticeWords.offs[switchedOff.why]}
          </Typography>
        )}
      </TableCell>
      <TableCell align="right">
        <Stack direction="row" sx={{ justifyContent: 'flex-end', flexWrap: 'wrap' }}>
          <TestButton notice={notice} />
          <Button size="small" aria-label={noticeWords.changeOf(to)} onClick={() => onOpen('change', id)}>
            {noticeWords.change}
          </Button>
          {channel === 'webhook' ? (
            <Button size="small" aria-label={noticeWords.secretOf(to)} onClick={() => onOpen('secret', id)}>
              {noticeWords.secret}
            </Button>
          ) : null}
          <Button
            size="small"
            color="error"
            sx={{ color: 'error.main' }}
            aria-label={noticeWords.removeOf(to)}
            onClick={() => onOpen('remove', id)}
          >
            {noticeWords.remove}
          </Button>
        </Stack>
      </TableCell>
    </TableRow>
  );
}

function TestButton({ notice }: { readonly notice: Notice }): ReactNode {
  const notify = useNotify();
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => host.post<{ readonly items: readonly Delivery[] }>(`/notices/${notice.id}/test`, {}),
    onSuccess: ({ items }) => {
      const failed = items.find(({ state }) => state !== 'delivered');
      if (failed !== undefined) notify(noticeWords.testFailed(failed.failure?.message ?? ''), 'error');
      else if (items.length === 0) notify(noticeWords.testedNobody, 'info');
      else notify(noticeWords.tested(items.length));
    },
    onError: (error) => notify(error.message, 'error'),
    onSettled: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  return (
    <Button
      size="small"
      disabled={!notice.active || test.isPending}
      aria-label={noticeWords.testOf(receiver(notice))}
      onClick={() => test.mutate()}
    >
      {noticeWords.test}
    </Button>
  );
}
