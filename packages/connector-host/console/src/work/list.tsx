import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { WorkItem } from '../api/model.js';
import { Section } from '../look/page.js';
import { workWords } from '../words/work.js';
import { grouped } from './grouped.js';
import { workPath } from './queries.js';
import { WorkChip } from './standing.js';

/** What pieces of work are put together by. */
export type WorkGrouping = keyof typeof workWords.groups;

/** The connection and system of a piece of work, as one name. */
function placeOf({ connectionName, connection, systemName, system }: WorkItem): string {
  const parts = [systemName ?? system, connectionName ?? connection].filter((part) => part !== undefined);
  return parts.length === 0 ? workWords.noSystem : parts.join(' · ');
}

const keys: Readonly<Record<WorkGrouping, (item: WorkItem) => string>> = {
  cause: ({ kind }) => workWords.causes[kind],
  system: placeOf,
};

/** Pieces of work under the heading that they share. */
export function WorkGroups({
  items,
  group,
  more,
}: {
  readonly items: readonly WorkItem[];
  readonly group: WorkGrouping;
  /** Others are not loaded yet, and may belong to any of these. */
  readonly more: boolean;
}): ReactNode {
  return (
    <Stack spacing={2}>
      {[...grouped(items, keys[group])].map(([title, those]) => (
        <Section key={title} title={title} lead={workWords.total(those.length, more)}>
          <WorkRows items={those} />
        </Section>
      ))}
    </Stack>
  );
}

/** Pieces of work, a row for each. */
export function WorkRows({ items }: { readonly items: readonly WorkItem[] }): ReactNode {
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {items.map((item) => (
        <Box
          component="li"
          key={item.id}
          sx={{ py: 1, borderTop: 1, borderColor: 'line.main', '&:first-of-type': { borderTop: 0, pt: 0 } }}
        >
          <Stack
            direction="row"
            sx={{
              columnGap: 1.5,
              rowGap: 0.5,
              flexWrap: 'wrap',
              justifyContent: 'space-between',
              alignItems: 'center',
            }}
          >
            <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
              <Link
                component={RouterLink}
                to={workPath(item.id)}
                state={{ arrived: true }}
                variant="body2"
                sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}
              >
                {item.text}
              </Link>
              <Typography variant="caption" component="p" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                {[
                  item.owner === undefined ? workWords.nobody : workWords.whose(item.owner.name),
                  ...(item.connectionName === undefined ? [] : [item.connectionName]),
                ].join(' · ')}
              </Typography>
            </Box>
            <WorkChip item={item} />
          </Stack>
        </Box>
      ))}
    </Box>
  );
}
