import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import { query } from '../api/client.js';
import type { Leftover, RequestDetail } from '../api/model.js';
import { useConnectionNames } from '../connections/queries.js';
import { type Tone, ToneChip } from '../look/chips.js';
import { Section } from '../look/page.js';
import { When } from '../look/when.js';
import { treatmentWords } from '../words/map.js';
import { leftoverWords } from '../words/request.js';
import { workPath } from '../work/queries.js';
import { NotKnownEnds } from './not-known.js';

const tones: Readonly<Record<Leftover['state'], Tone>> = {
  open: 'warning',
  done: 'success',
  not_needed: 'neutral',
  could_not: 'warning',
};

/** What the deletion did not do, and how each of it ended. */
export function Leftovers({ request }: { readonly request: RequestDetail }): ReactNode {
  const { leftovers, leftoversRecorded, concludedAt, right } = request;
  const nameOf = useConnectionNames();
  if (right !== 'deletion' || concludedAt === undefined) return null;
  if (!leftoversRecorded) {
    return (
      <Section title={leftoverWords.title}>
        <Typography variant="body2">{leftoverWords.notRecorded}</Typography>
      </Section>
    );
  }
  if (leftovers.length === 0) return null;
  const sorted = leftovers.toSorted(
    (a, b) => Number(b.state === 'open') - Number(a.state === 'open') || a.name.localeCompare(b.name),
  );
  const several = new Set(leftovers.map(({ connection }) => connection)).size > 1;
  return (
    <Section
      title={leftoverWords.title}
      lead={leftoverWords.lead(leftovers.filter((one) => one.state === 'open').length)}
    >
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {sorted.map((one) => (
          <Box
            component="li"
            key={`${one.task} ${one.code} ${one.system ?? one.name}`}
            sx={{ py: 1.25, borderTop: 1, borderColor: 'line.main', '&:first-of-type': { borderTop: 0, pt: 0 } }}
          >
            <Stack direction="row" sx={{ gap: 1, justifyContent: 'space-between', alignItems: 'flex-start' }}>
              <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere', minWidth: 0 }}>
                <Name leftover={one} />
                {several ? ` · ${nameOf(one.connection)}` : ''}
              </Typography>
              <ToneChip tone={tones[one.state]} label={leftoverWords.states[one.state]} />
            </Stack>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {one.reason}
            </Typography>
            {one.ended === undefined ? null : (
              <Typography variant="body2" sx={{ mt: 0.25 }}>
                {one.ended.treatment === undefined ? '' : `${treatmentWords.kinds[one.ended.treatment]}: `}
                {one.ended.why} (<When at={one.ended.at} as="day" />)
              </Typography>
            )}
            {one.work === undefined ? null : (
              <Typography variant="body2" sx={{ mt: 0.25 }}>
                <Link component={RouterLink} to={workPath(one.work)} state={{ arrived: true }}>
                  {leftoverWords.work(one.state === 'open', one.owner)}
                </Link>
              </Typography>
            )}
            {one.state === 'open' && one.code === 'NO_KNOWN_USER_ID' ? <NotKnownEnds request={request} /> : null}
          </Box>
        ))}
      </Box>
    </Section>
  );
}

/** A system by the name it has on the map, where it is decided about. */
function Name({ leftover }: { readonly leftover: Leftover }): ReactNode {
  const { name, connection, system, code } = leftover;
  if (system === undefined || code === 'NO_KNOWN_USER_ID') return name;
  return (
    <Link component={RouterLink} to={`/map${query({ connection, system })}`} state={{ arrived: true }}>
      {name}
    </Link>
  );
}
