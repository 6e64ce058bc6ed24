import ClearIcon from '@mui/icons-material/Clear';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';
import type { RequestPage } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnections } from '../connections/queries.js';
import { Choices } from '../look/choices.js';
import { SearchField } from '../look/search-field.js';
import { howMany, rightWords, shortStateWords, timingWords } from '../words/common.js';
import { requestsWords } from '../words/requests.js';
import { countedStates, type RequestFilter, sortOf } from './queries.js';

/** Counters by state; each is a filter. */
export function StateCounters(props: {
  readonly counted: Pick<RequestPage, 'counts' | 'total' | 'countedTo'> | undefined;
  readonly status: string;
  onChange(status: string): void;
}): ReactNode {
  const { counted, status, onChange } = props;
  const count = (number: number | undefined) =>
    number === undefined ? undefined : howMany(number, counted?.countedTo);
  return (
    <Choices
      name={requestsWords.states}
      choices={[
        { value: '', label: requestsWords.all, count: count(counted?.total) },
        ...countedStates.map((state) => ({
          value: state,
          label: shortStateWords[state],
          count: count(counted?.counts[state]),
        })),
      ]}
      value={status}
      onChange={(value) => onChange(value ?? '')}
    />
  );
}

/** Search and the other filters. */
export function Filters(props: {
  readonly filter: RequestFilter;
  readonly filtered: boolean;
  change(part: Partial<RequestFilter>): void;
  clear(): void;
}): ReactNode {
  const { filter, filtered, change, clear } = props;
  const { may } = useSession();
  const { data: connections = [] } = useConnections();
  const select = (
    key: 'connection' | 'timing' | 'right',
    label: string,
    options: readonly (readonly [string, string])[],
  ) => (
    <TextField
      select
      size="small"
      label={label}
      value={filter[key]}
      onChange={(event) => change({ [key]: event.target.value })}
      sx={{ minWidth: 140, flex: { xs: '1 1 40%', sm: '0 0 auto' } }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">{requestsWords.any}</MenuItem>
      {options.map(([value, text]) => (
        <MenuItem key={value} value={value}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <Stack direction="row" sx={{ columnGap: 1.25, rowGap: 1.75, flexWrap: 'wrap', alignItems: 'center' }}>
      <SearchField
        value={filter.search}
        label={may('requests:identify') ? requestsWords.search : requestsWords.searchPlain}
        title={requestsWords.searchHelp}
        onChange={(search) => change({ search })}
      />
      {select(
        'connection',
        requestsWords.connection,
        connections.map(({ id, name }) => [id, name] as const),
      )}
      {select('timing', requestsWords.timing, Object.entries(timingWords))}
      {select('right', requestsWords.right, Object.entries(rightWords))}
      <TextField
        select
        size="small"
        label={requestsWords.order}
        value={sortOf(filter)}
        onChange={(event) => change({ sort: event.target.value })}
        sx={{ minWidth: 140, flex: { xs: '1 1 40%', sm: '0 0 auto' } }}
        slotProps={{ inputLabel: { shrink: true } }}
      >
        {Object.entries(requestsWords.orders).map(([value, text]) => (
          <MenuItem key={value} value={value}>
            {text}
          </MenuItem>
        ))}
      </TextField>
      {filtered ? (
        <Button size="small" onClick={clear} startIcon={<ClearIcon />}>
          {requestsWords.clear}
        </Button>
      ) : null}
    </Stack>
  );
}
