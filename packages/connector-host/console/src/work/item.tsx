import SearchOffIcon from '@mui/icons-material/SearchOff';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link as RouterLink, useParams } from 'react-router';
import { Problem, query } from '../api/client.js';
import type { WorkDetail } from '../api/model.js';
import { useDueDay } from '../look/due-day.js';
import { Facts, Page, Section } from '../look/page.js';
import { Prose } from '../look/prose.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { When } from '../look/when.js';
import { Asked } from '../request/asked.js';
import { Timeline } from '../request/timeline.js';
import { workActWords, workWords } from '../words/work.js';
import { WorkActs } from './acts.js';
import { Ended } from './ended.js';
import { useWorkDetail } from './queries.js';
import { WorkChip } from './standing.js';
import { Submission } from './submission.js';

const parents = [{ label: workWords.title, to: '/work' }];

/** One piece of work: what is to be done and how, what happened, and how it ends. */
export function WorkPage(): ReactNode {
  const { id = '' } = useParams();
  const found = useWorkDetail(id);
  if (found.isPending) return <Loading rows={4} height={110} />;
  if (found.data !== undefined) return <Details item={found.data} />;
  if (!(found.error instanceof Problem) || ![400, 404].includes(found.error.status)) {
    return <Failure error={found.error} again={() => void found.refetch()} />;
  }
  return (
    <Empty
      alone
      icon={SearchOffIcon}
      title={workWords.missing}
      action={
        <Button component={RouterLink} to="/work" variant="outlined">
          {workWords.toAll}
        </Button>
      }
    >
      {workWords.missingBody}
    </Empty>
  );
}

function Details({ item }: { readonly item: WorkDetail }): ReactNode {
  const { kind, state, instructions, operation } = item;
  const place = placeOf(item);
  const label = workWords.places[kind];
  return (
    <Page
      title={item.text}
      badge={<WorkChip item={item} />}
      lead={workWords.causes[kind]}
      parents={parents}
      actions={<WorkActs item={item} />}
    >
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 3fr) minmax(0, 2fr)' },
        }}
      >
        <Stack spacing={2.5}>
          {item.ended === undefined ? null : <Ended item={item} ended={item.ended} />}
          {state === 'open' ? (
            <Section title={workWords.todo}>
              <Typography variant="body2">{workWords.ends[kind]}</Typography>
              {kind === 'direct-contact' ? <Asked ask={item.ask} /> : null}
              {place === undefined || label === undefined ? null : (
                <Box sx={{ mt: 1 }}>
                  <Link component={RouterLink} to={place} state={{ arrived: true }} variant="body2" underline="always">
                    {label}
                  </Link>
                </Box>
              )}
              {operation === undefined ? null : <Submission id={operation} />}
            </Section>
          ) : null}
          {kind === 'erase-elsewhere' && (instructions !== undefined || state === 'open') ? (
            <Section title={workWords.instructions}>
              {instructions === undefined ? (
                <Typography variant="body2">{workWords.noInstructions}</Typography>
              ) : (
                <Prose small>{instructions}</Prose>
              )}
            </Section>
          ) : null}
          <Section title={workWords.history}>
            <Timeline entries={item.history.map((entry, id) => ({ ...entry, id }))} several={false} />
          </Section>
        </Stack>
        <Section title={workWords.facts}>
          <About item={item} />
        </Section>
      </Box>
    </Page>
  );
}

/** Where in the console it can be brought on. */
function placeOf({ kind, connection, system, requestId }: WorkDetail): string | undefined {
  switch (kind) {
    case 'erase-elsewhere':
    case 'decide-system':
      return system === undefined ? undefined : `/map${query({ connection, system })}`;
    case 'direct-contact':
      return requestId === undefined ? undefined : `/requests/${encodeURIComponent(requestId)}`;
    case 'reconnect':
      return connection === undefined ? undefined : `/connections/${encodeURIComponent(connection)}?edit=secrets`;
    case 'doubtful-identifiers':
      return '/requests?status=waiting_for_person';
    case 'decide-submission':
      return undefined;
  }
}

function About({ item }: { readonly item: WorkDetail }): ReactNode {
  const dayOf = useDueDay();
  const { connection, connectionName, system, systemName, owner, dueAt, people, listedAt, requestId } = item;
  const to = (path: string, label: string) => (
    <Link component={RouterLink} to={path} state={{ arrived: true }}>
      {label}
    </Link>
  );
  const mail = owner?.email === undefined || owner.email === owner.name ? '' : ` (${owner.email})`;
  return (
    <Facts
      items={[
        [workWords.owner, owner === undefined ? workActWords.nobody : `${owner.name}${mail}`],
        [workWords.dueAt, dueAt === undefined ? workWords.noDue : dayOf(dueAt)],
        ...(system === undefined
          ? []
          : ([[workWords.system, to(`/map${query({ connection, system })}`, systemName ?? system)]] as const)),
        ...(connection === undefined
          ? []
          : ([
              [
                workWords.connection,
                to(`/connections/${encodeURIComponent(connection)}`, connectionName ?? connection),
              ],
            ] as const)),
        ...(requestId === undefined
          ? []
          : ([[workWords.request, to(`/requests/${encodeURIComponent(requestId)}`, requestId)]] as const)),
        ...(people === 0 ? [] : ([[workWords.people, people.toLocaleString()]] as const)),
        [workWords.opened, <When key="o" at={item.openedAt} />],
        ...(listedAt === undefined ? [] : ([[workWords.listed, <When key="l" at={listedAt} />]] as const)),
      ]}
    />
  );
}
