import HubIcon from '@mui/icons-material/HubOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import Drawer from '@mui/material/Drawer';
import { useTheme } from '@mui/material/styles';
import useMediaQuery from '@mui/material/useMediaQuery';
import { type ReactNode, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Connection, System } from '../api/model.js';
import { useManifest } from '../connections/queries.js';
import { useChosen } from '../look/chosen.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { mapWords } from '../words/map.js';
import { SystemFlow } from './flow.js';
import { Headline } from './headline.js';
import { fits, type MapFilter, MapFilters, statesOf } from './map-filters.js';
import { useSystemSummary, useSystems } from './queries.js';
import { SystemList } from './system-list.js';
import { SystemPanel } from './system-panel.js';

const filterKeys = ['coverage', 'kind', 'state', 'changed', 'q', 'view'] as const;
const defaults: MapFilter = { coverage: '', kind: '', state: 'active', changed: '', q: '', view: 'map' };

/** The map of one connection: headline, filters, map or list, and the system that is looked at. */
export function ConnectionMap({ connection }: { readonly connection: Connection }): ReactNode {
  const [search, setSearch] = useSearchParams();
  const theme = useTheme();
  const narrow = useMediaQuery(theme.breakpoints.down('md'));
  const manifest = useManifest(connection.connector);
  const filter = useMemo<MapFilter>(() => {
    const given = filterKeys.filter((key) => search.has(key)).map((key) => [key, search.get(key)]);
    return { ...defaults, ...(narrow ? { view: 'list' } : {}), ...Object.fromEntries(given) };
  }, [search, narrow]);
  const summary = useSystemSummary(connection.id);
  const systems = useSystems(connection.id, statesOf(filter));
  const chosen = useChosen(search);
  const put = (part: Readonly<Record<string, string | undefined>>, replace = true) => {
    const next = new URLSearchParams(chosen.current);
    next.set('connection', connection.id);
    for (const [key, value] of Object.entries(part)) {
      if (value === undefined || value === '' || (key !== 'view' && value === defaults[key as keyof MapFilter]))
        next.delete(key);
      else next.set(key, value);
    }
    chosen.current = next;
    setSearch(next, { replace });
  };
  const all = systems.data ?? [];
  const shown = useMemo(() => (systems.data ?? []).filter((system) => fits(system, filter)), [systems.data, filter]);
  const selected = search.get('system') ?? undefined;
  const chosenIn = (some: readonly System[]) => some.find(({ key }) => key === selected);
  // Work leads here to systems that the filters leave out, too.
  const leftOut = selected !== undefined && systems.isSuccess && chosenIn(all) === undefined;
  const others = useSystems(leftOut ? connection.id : '', ['active', 'gone', 'archived']);
  const system = chosenIn(all) ?? chosenIn(others.data ?? []);
  const select = (key: string | undefined) => put({ system: key });
  const panel = system === undefined ? null : <SystemPanel system={system} systems={all} onSelect={select} />;
  return (
    <>
      {summary.data === undefined || summary.data.total === 0 ? null : (
        <Card sx={{ p: 2.5, mb: 2 }}>
          <Headline summary={summary.data} />
        </Card>
      )}
      <Card sx={{ display: 'flex', flexDirection: 'column', overflow: 'clip' }}>
        <Box sx={{ p: 2, borderBottom: 1, borderColor: 'line.main' }}>
          <MapFilters filter={filter} change={put} />
        </Box>
        {systems.isError ? (
          <Box sx={{ p: 2 }}>
            <Failure error={systems.error} again={() => void systems.refetch()} />
          </Box>
        ) : systems.isPending ? (
          <Box sx={{ p: 2 }}>
            <Loading rows={6} />
          </Box>
        ) : shown.length === 0 ? (
          <Empty
            icon={HubIcon}
            title={all.length === 0 && filter.state === 'active' ? mapWords.notYetTitle : mapWords.noneTitle}
            action={
              all.length === 0 && filter.state === 'active' ? undefined : (
                <Button onClick={() => put({ coverage: '', kind: '', state: 'active', changed: '', q: '' })}>
                  {mapWords.clear}
                </Button>
              )
            }
          >
            {all.length === 0 && filter.state === 'active' ? mapWords.notYet : undefined}
          </Empty>
        ) : (
          <Box
            sx={{
              display: 'grid',
              gridTemplateColumns: panel !== null && !narrow ? 'minmax(0, 1fr) 360px' : 'minmax(0, 1fr)',
            }}
          >
            {filter.view === 'list' ? (
              <Box sx={{ minWidth: 0 }}>
                <SystemList systems={shown} selected={selected} onSelect={select} />
              </Box>
            ) : (
              <Box sx={{ minWidth: 0 }}>
                <SystemFlow
                  systems={shown}
                  selected={selected}
                  onSelect={select}
                  hub={{
                    name: connection.name,
                    product: manifest?.displayName ?? connection.name,
                    icon: manifest?.icon,
                  }}
                />
              </Box>
            )}
            {panel === null || narrow ? null : (
              <Box component="aside" aria-label={mapWords.details} sx={{ borderLeft: 1, borderColor: 'line.main' }}>
                {/* Beside a map that is higher than the window it stays in view. */}
                <Box sx={{ position: 'sticky', top: 52, maxHeight: 'calc(100dvh - 52px)', overflow: 'auto' }}>
                  {panel}
                </Box>
              </Box>
            )}
          </Box>
        )}
      </Card>
      {narrow ? (
        <Drawer
          anchor="bottom"
          open={panel !== null}
          onClose={() => select(undefined)}
          slotProps={{ paper: { sx: { maxHeight: '85dvh' }, 'aria-label': mapWords.details } }}
        >
          {panel}
        </Drawer>
      ) : null}
    </>
  );
}
