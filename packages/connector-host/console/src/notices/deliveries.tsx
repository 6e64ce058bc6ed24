import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host } from '../api/client.js';
import type { Delivery, DeliveryPage, NoticeList } from '../api/model.js';
import { type Tone, ToneChip } from '../look/chips.js';
import { Listing } from '../look/listing.js';
import { useNotify } from '../look/notify.js';
import { Section } from '../look/page.js';
import { Failure, Loading } from '../look/states.js';
import { When } from '../look/when.js';
import { words } from '../words/common.js';
import { deliveryWords } from '../words/notices.js';

const tones: Readonly<Record<Delivery['state'], Tone>> = { waiting: 'info', delivered: 'success', failed: 'error' };
const states = Object.keys(tones) as readonly Delivery['state'][];

/** How often what waits is looked at again, in milliseconds: a delivery is no event. */
const LOOK_EVERY = 10_000;

/** What was sent to whom and what came of it, the newest first. */
export function Deliveries({ kinds }: { readonly kinds: NoticeList['kinds'] }): ReactNode {
  const [state, setState] = useState('');
  const found = useInfiniteQuery({
    queryKey: ['deliveries', state],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: '20' });
      if (state !== '') query.set('state', state);
      if (pageParam !== '') query.set('cursor', pageParam);
      return host.get<DeliveryPage>(`/notices/deliveries?${query}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: LOOK_EVERY,
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (
    <TextField
      select
      label={deliveryWords.show}
      value={state}
      size="small"
      sx={{ minWidth: 140 }}
      onChange={(event) => setState(event.target.value)}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">{deliveryWords.all}</MenuItem>
      {states.map((one) => (
        <MenuItem key={one} value={one}>
          {deliveryWords.states[one]}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <Section title={deliveryWords.title} action={filter} flush>
      {found.isPending ? <Loading rows={2} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.isSuccess && items.length === 0 ? (
        <Typography variant="body2" sx={{ px: 2.5, pb: 2.5, color: 'text.secondary' }}>
          {deliveryWords.none}
        </Typography>
      ) : null}
      {items.length === 0 ? null : <List items={items} kinds={kinds} />}
      {found.hasNextPage ? (
        <Box sx={{ p: 1.5, textAlign: 'center' }}>
          <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.more}
          </Button>
        </Box>
      ) : null}
    </Section>
  );
}

function List({
  items,
  kinds,
}: {
  readonly items: readonly Delivery[];
  readonly kinds: NoticeList['kinds'];
}): ReactNode {
  const { columns } = deliveryWords;
  return (
    <Listing
      name={deliveryWords.list}
      columns={[columns.at, columns.what, columns.to, columns.state]}
      actions={columns.actions}
    >
      {items.map((one) => (
        <Row
          key={one.id}
          delivery={one}
          what={kinds.find(({ kind }) => kind === one.kind)?.label ?? deliveryWords.others[one.kind] ?? one.kind}
        />
      ))}
    </Listing>
  );
}

function Row({ delivery, what }: { readonly delivery: Delivery; readonly what: string }): ReactNode {
  const { id, to, state, attempts, createdAt, failure } = delivery;
  const notify = useNotify();
  const client = useQueryClient();
  const resend = useMutation({
    mutationFn: () => host.post<Delivery>(`/notices/deliveries/${id}/resend`, {}),
    onSuccess: () => notify(deliveryWords.resent),
    onError: (error) => notify(error.message, 'error'),
    onSettled: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  return (
    <TableRow sx={{ verticalAlign: 'top' }}>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <When at={createdAt} as="relative" />
      </TableCell>
      <TableCell sx={{ minWidth: 170 }}>{what}</TableCell>
      <TableCell sx={{ minWidth: 150, overflowWrap: 'anywhere' }}>{to}</TableCell>
      <TableCell sx={{ minWidth: 160 }}>
        <ToneChip tone={tones[state]} label={deliveryWords.states[state]} />
        {failure === undefined ? null : (
          <Typography variant="caption" component="p" sx={{ mt: 0.5 }}>
            {failure.message} {deliveryWords.tries(attempts)}.
          </Typography>
        )}
      </TableCell>
      <TableCell align="right">
        {state === 'waiting' && failure === undefined ? null : (
          <Button
            size="small"
            disabled={resend.isPending}
            aria-label={deliveryWords.resendOne(what, to)}
            onClick={() => resend.mutate()}
          >
            {deliveryWords.resend}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}
