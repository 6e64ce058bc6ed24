import PowerIcon from '@mui/icons-material/PowerOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import Stack from '@mui/material/Stack';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link } from 'react-router';
import { host } from '../api/client.js';
import type { Overview as Figures } from '../api/model.js';
import { useConnections } from '../connections/queries.js';
import { Page, Section } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { Headline } from '../map/headline.js';
import { useSystemSummary } from '../map/queries.js';
import { overviewWords } from '../words/overview.js';
import { ByConnection } from './by-connection.js';
import { Tiles } from './tiles.js';
import { Undecided } from './undecided.js';
import { Waiting } from './waiting.js';

const DayChart = lazy(async () => ({ default: (await import('./charts.js')).DayChart }));
const DurationChart = lazy(async () => ({ default: (await import('./charts.js')).DurationChart }));

const chartHeight = 260;

/** How the whole stands: what is late, what waits, what was done. */
export function Overview(): ReactNode {
  const connections = useConnections();
  const figures = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) =>
      host.get<Figures>(
        `/overview?days=30&zone=${encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)}`,
        signal,
      ),
  });
  const summary = useSystemSummary();
  const chart = (content: ReactNode) => (
    <Suspense fallback={<Loading rows={1} height={chartHeight} />}>{content}</Suspense>
  );
  if (
    connections.data?.length === 0 &&
    figures.data !== undefined &&
    Object.values(figures.data.counts).every((count) => count === 0)
  ) {
    return (
      <Page title={overviewWords.title}>
        <Card>
          <Empty
            icon={PowerIcon}
            title={overviewWords.welcomeTitle}
            action={
              <Button component={Link} to="/connect" state={{ arrived: true }} variant="contained" size="large">
                {overviewWords.welcomeAction}
              </Button>
            }
          >
            {overviewWords.welcome}
          </Empty>
        </Card>
      </Page>
    );
  }
  return (
    <Page title={overviewWords.title} wide>
      {figures.isError ? <Failure error={figures.error} again={() => void figures.refetch()} /> : null}
      {figures.isPending ? <Loading rows={3} height={140} /> : null}
      {figures.data === undefined ? null : (
        <Stack spacing={2.5}>
          <Undecided />
          <Tiles figures={figures.data} />
          <Box
            sx={{
              display: 'grid',
              gap: 2.5,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
            }}
          >
            {summary.data === undefined || summary.data.total === 0 ? null : (
              <Section
                title={overviewWords.map}
                action={
                  <Button size="small" component={Link} to="/map" state={{ arrived: true }}>
                    {overviewWords.toMap}
                  </Button>
                }
              >
                <Headline summary={summary.data} />
              </Section>
            )}
            <Section title={overviewWords.waiting}>
              <Waiting figures={figures.data} connections={connections.data ?? []} />
            </Section>
          </Box>
          <Box
            sx={{
              display: 'grid',
              gap: 2.5,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 2fr)' },
            }}
          >
            <Section title={overviewWords.overTime} lead={overviewWords.overTimeLead}>
              {chart(<DayChart figures={figures.data} height={chartHeight} />)}
            </Section>
            <Section title={overviewWords.durations} lead={overviewWords.durationsLead}>
              {chart(<DurationChart figures={figures.data} height={chartHeight} />)}
            </Section>
          </Box>
          <ByConnection figures={figures.data} connections={connections.data ?? []} />
        </Stack>
      )}
    </Page>
  );
}
