import TaskIcon from '@mui/icons-material/TaskAlt';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { WorkCounts } from '../api/model.js';
import { useSession } from '../api/session.js';
import { Choices } from '../look/choices.js';
import { Page } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { howMany, words } from '../words/common.js';
import { workWords } from '../words/work.js';
import { type WorkGrouping, WorkGroups } from './list.js';
import { useWork, useWorkCounts } from './queries.js';

/** What only people can do: one's own, all of it, what is overdue, what has ended. */
export function Work(): ReactNode {
  const counts = useWorkCounts();
  if (counts.isPending) return <Loading rows={4} />;
  if (counts.isError) return <Failure error={counts.error} again={() => void counts.refetch()} />;
  return <Listed {...counts.data} />;
}

function Listed({ open, overdue, mine, countedTo }: WorkCounts): ReactNode {
  // Without an e-mail address nothing is known to be one's own.
  const named = useSession().session.email !== undefined;
  const [search, setSearch] = useSearchParams();
  const counted = { mine, all: open, overdue };
  const choices = (['mine', 'all', 'overdue', 'ended'] as const)
    .filter((value) => named || value !== 'mine')
    .map((value) => ({
      value,
      label: workWords.shown[value],
      ...(value === 'ended' ? {} : { count: howMany(counted[value], countedTo) }),
    }));
  const asked = choices.find(({ value }) => value === search.get('show'))?.value;
  const shown = asked ?? (named && mine > 0 ? 'mine' : 'all');
  const group: WorkGrouping = search.get('by') === 'system' ? 'system' : 'cause';
  const kinds = Object.keys(workWords.causes) as readonly (keyof typeof workWords.causes)[];
  const kind = kinds.find((one) => one === search.get('kind')) ?? '';
  const found = useWork(shown, kind);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const put = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  return (
    <Page title={workWords.title} lead={workWords.lead}>
      <Stack
        direction="row"
        sx={{
          columnGap: 2,
          rowGap: 1.75,
          mb: 2.5,
          flexWrap: 'wrap',
          alignItems: 'center',
          justifyContent: 'space-between',
        }}
      >
        <Choices name={workWords.show} choices={choices} value={shown} onChange={(value) => put('show', value ?? '')} />
        <Stack direction="row" sx={{ gap: 1.25, flexWrap: 'wrap' }}>
          <Select
            label={workWords.cause}
            value={kind}
            options={[['', workWords.anyCause], ...Object.entries(workWords.causes)]}
            onChange={(value) => put('kind', value)}
          />
          <Select
            label={workWords.group}
            value={group}
            options={Object.entries(workWords.groups)}
            onChange={(value) => put('by', value)}
          />
        </Stack>
      </Stack>
      {found.isPending ? <Loading rows={4} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.isSuccess && items.length === 0 ? (
        <Card>
          <Empty icon={TaskIcon} title={workWords.none[shown]}>
            {workWords.noneBody}
          </Empty>
        </Card>
      ) : null}
      <WorkGroups items={items} group={group} more={found.hasNextPage} />
      {found.hasNextPage ? (
        <Box sx={{ p: 1.5, textAlign: 'center' }}>
          <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.more}
          </Button>
        </Box>
      ) : null}
    </Page>
  );
}

function Select(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  onChange(value: string): void;
}): ReactNode {
  const { label, value, options, onChange } = props;
  return (
    <TextField
      select
      size="small"
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      sx={{ minWidth: 140 }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      {options.map(([one, text]) => (
        <MenuItem key={one} value={one}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  );
}
