import AccountTreeIcon from '@mui/icons-material/AccountTreeOutlined';
import ListIcon from '@mui/icons-material/ViewListOutlined';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { ReactNode } from 'react';
import type { System } from '../api/model.js';
import { SearchField } from '../look/search-field.js';
import { coverageWords, kindWords } from '../words/common.js';
import { mapWords } from '../words/map.js';

/** Filters of the map; an empty text means any. */
export interface MapFilter {
  readonly coverage: string;
  readonly kind: string;
  readonly state: string;
  readonly changed: string;
  readonly q: string;
  readonly view: string;
}

/** The states of systems that are read. What is gone since the last look is among what changed. */
export function statesOf({ state, changed }: MapFilter): readonly System['state'][] {
  return state === 'active' && changed !== '' ? ['active', 'gone'] : [state as System['state']];
}

/** Whether a system fits. Its state decides what is read, not what is shown of it. */
export function fits(system: System, { coverage, kind, changed, q }: MapFilter): boolean {
  const text = q.trim().toLowerCase();
  return (
    (coverage === '' || system.coverage.state === coverage) &&
    (kind === '' || system.kind === kind) &&
    (changed === '' || system.change !== undefined) &&
    (text === '' ||
      [system.name, system.vendor.name, ...system.categories].some((one) => one.toLowerCase().includes(text)))
  );
}

/** What is shown of the map, and how. */
export function MapFilters({
  filter,
  change,
}: {
  readonly filter: MapFilter;
  change(part: Partial<MapFilter>): void;
}): ReactNode {
  const select = (
    key: 'coverage' | 'kind' | 'state',
    label: string,
    options: readonly (readonly [string, string])[],
    any: boolean,
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
      {any ? <MenuItem value="">{mapWords.any}</MenuItem> : null}
      {options.map(([value, text]) => (
        <MenuItem key={value} value={value}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <Stack direction="row" sx={{ columnGap: 1.25, rowGap: 1.75, flexWrap: 'wrap', alignItems: 'center' }}>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={filter.view}
        aria-label={mapWords.view}
        onChange={(_event, view: string | null) => view && change({ view })}
        sx={{ '& .MuiToggleButton-root': { textTransform: 'none', gap: 0.75, px: 1.5 } }}
      >
        <ToggleButton value="map">
          <AccountTreeIcon fontSize="small" aria-hidden /> {mapWords.map}
        </ToggleButton>
        <ToggleButton value="list">
          <ListIcon fontSize="small" aria-hidden /> {mapWords.list}
        </ToggleButton>
      </ToggleButtonGroup>
      <SearchField value={filter.q} label={mapWords.search} width={140} onChange={(q) => change({ q })} />
      {select('coverage', mapWords.coverage, Object.entries(coverageWords), true)}
      {select('kind', mapWords.kind, Object.entries(kindWords), true)}
      {select('state', mapWords.state, Object.entries(mapWords.states), false)}
      <FormControlLabel
        control={
          <Switch
            size="small"
            checked={filter.changed !== ''}
            onChange={(_event, on) => change({ changed: on ? '1' : '' })}
          />
        }
        label={mapWords.changed}
        slotProps={{ typography: { variant: 'body2' } }}
        sx={{ mx: 0.5 }}
      />
    </Stack>
  );
}
