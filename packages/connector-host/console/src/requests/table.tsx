import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Link from '@mui/material/Link';
import { useTheme } from '@mui/material/styles';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { Link as RouterLink } from 'react-router';
import type { RequestSummary } from '../api/model.js';
import { useConnectionNames } from '../connections/queries.js';
import { onSubmission, StateChip, TimingChip } from '../look/chips.js';
import { DueDay } from '../look/due-day.js';
import { mono } from '../look/theme.js';
import { When } from '../look/when.js';
import { rightWords } from '../words/common.js';
import { requestsWords } from '../words/requests.js';
import type { Rows } from './queries.js';

const columns =
  'minmax(140px, 1.2fr) minmax(210px, 2fr) minmax(190px, 1.1fr) minmax(100px, 1fr) minmax(110px, 0.7fr) minmax(150px, 0.9fr)';
const rowHeight = 46;
const narrowHeight = 96;

/** The rows of a list as long as you like: only those in view are drawn, the next page is fetched before its place is reached. */
export function RequestTable({ rows }: { readonly rows: Rows }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'));
  const nameOf = useConnectionNames();
  const { items, total, moreToLoad, loadMore, loadingMore } = rows;
  const height = narrow ? narrowHeight : rowHeight;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height means other places.
  useEffect(() => virtual.measure(), [height]);
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (moreToLoad && !loadingMore && last > items.length - 80) loadMore();
  }, [last, items.length, moreToLoad, loadingMore, loadMore]);
  const { columns: heads } = requestsWords;
  return (
    <Box
      ref={scroller}
      role="region"
      aria-label={requestsWords.table}
      tabIndex={0}
      sx={{
        flex: '1 1 auto',
        minHeight: 320,
        height: { xs: '70dvh', md: 0 },
        overflow: 'auto',
        borderTop: 1,
        borderColor: 'line.main',
        position: 'relative',
      }}
    >
      <Box role="table" aria-label={requestsWords.table} aria-rowcount={total + 1} sx={{ minWidth: narrow ? 0 : 920 }}>
        <Box
          role="rowgroup"
          sx={{
            position: 'sticky',
            top: 0,
            zIndex: 2,
            bgcolor: 'background.paper',
            borderBottom: 1,
            borderColor: 'line.main',
          }}
        >
          <Box
            role="row"
            aria-rowindex={1}
            sx={{
              display: narrow ? 'none' : 'grid',
              gridTemplateColumns: columns,
              px: 2.5,
              py: 1,
              columnGap: 2,
              typography: 'caption',
              fontWeight: 600,
              color: 'text.secondary',
            }}
          >
            {[heads.id, heads.person, heads.state, heads.where, heads.accepted, heads.due].map((head) => (
              <Box role="columnheader" key={head}>
                {head}
              </Box>
            ))}
          </Box>
        </Box>
        <Box role="rowgroup" sx={{ position: 'relative' }} style={{ height: virtual.getTotalSize() }}>
          {drawn.map(({ index, key, start, size }) => {
            const item = items[index];
            return item === undefined ? null : (
              <Box
                role="row"
                aria-rowindex={index + 2}
                key={key}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  top: 0,
                  height: size,
                  transform: `translateY(${start}px)`,
                }}
              >
                <Row item={item} narrow={narrow} nameOf={nameOf} />
              </Box>
            );
          })}
        </Box>
      </Box>
      {loadingMore ? <LinearProgress aria-label={requestsWords.more} sx={{ position: 'sticky', bottom: 0 }} /> : null}
    </Box>
  );
}

const Row = memo(function Row(props: {
  readonly item: RequestSummary;
  readonly narrow: boolean;
  nameOf(id: string): string;
}) {
  const { item, narrow, nameOf } = props;
  const { requestId, identifiers, state, timing, tasks, acceptedAt, dueAt, settledAt, right, closed } = item;
  const where = [...new Set(tasks.map(({ connection }) => nameOf(connection)))].sort().join(', ');
  const cut = { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;
  const [first, ...others] = identifiers;
  return (
    <Box
      sx={{
        height: '100%',
        px: { xs: 2, md: 2.5 },
        py: narrow ? 1 : 0,
        display: 'grid',
        gridTemplateColumns: narrow ? 'minmax(0, 1fr) auto' : columns,
        columnGap: 2,
        alignItems: 'center',
        borderBottom: 1,
        borderColor: 'line.main',
        typography: 'body2',
        position: 'relative',
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      <Box role="cell" sx={cut}>
        <Link
          component={RouterLink}
          to={`/requests/${encodeURIComponent(requestId)}`}
          state={{ arrived: true }}
          sx={{
            fontFamily: mono,
            fontSize: '0.8125rem',
            '&::after': { content: '""', position: 'absolute', inset: 0 },
          }}
        >
          {requestId}
        </Link>
        {right === 'access' ? (
          <Box component="span" sx={{ color: 'text.secondary', ml: 1 }}>
            {rightWords.access}
          </Box>
        ) : null}
      </Box>
      <Box role="cell" sx={{ ...cut, color: 'text.secondary', order: narrow ? 2 : 0 }}>
        {first === undefined ? requestsWords.purged : first.value}
        {others.length === 0 ? null : ` ${requestsWords.moreIdentifiers(others.length)}`}
      </Box>
      <Box
        role="cell"
        sx={{ display: 'flex', gap: 0.5, flexWrap: 'nowrap', justifyContent: narrow ? 'flex-end' : 'flex-start' }}
      >
        <StateChip state={state} submission={onSubmission(tasks)} closed={closed !== undefined} />
        {settledAt === undefined ? <TimingChip timing={timing} /> : null}
      </Box>
      <Box role="cell" sx={{ ...cut, color: 'text.secondary', order: narrow ? 4 : 0 }}>
        {where}
      </Box>
      <Box
        role="cell"
        sx={{ ...cut, color: 'text.secondary', order: narrow ? 3 : 0, textAlign: narrow ? 'right' : 'left' }}
      >
        <When at={acceptedAt} as="relative" />
      </Box>
      <Box
        role="cell"
        sx={{ ...cut, color: 'text.secondary', order: narrow ? 5 : 0, textAlign: narrow ? 'right' : 'left' }}
      >
        {settledAt === undefined ? requestsWords.by : requestsWords.ended}{' '}
        {settledAt === undefined ? <DueDay at={dueAt} /> : <When at={settledAt} as="day" />}
      </Box>
    </Box>
  );
});
