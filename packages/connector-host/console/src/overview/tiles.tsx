import Box from '@mui/material/Box';
import Card from '@mui/material/Card';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Overview } from '../api/model.js';
import { durationText, overviewWords } from '../words/overview.js';

/** The figures one looks at first, the law's time before all. */
export function Tiles({ figures }: { readonly figures: Overview }): ReactNode {
  const { counts, open, daysToComplete } = figures;
  const { median, p90, concluded } = daysToComplete;
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: {
          xs: 'repeat(2, minmax(0, 1fr))',
          md: 'repeat(3, minmax(0, 1fr))',
          xl: 'repeat(6, minmax(0, 1fr))',
        },
      }}
    >
      <Tile
        label={overviewWords.late}
        value={open.late.toLocaleString()}
        lead={overviewWords.lateLead}
        to="/requests?timing=late"
        tone={open.late > 0 ? 'error.main' : undefined}
      />
      <Tile
        label={overviewWords.dueSoon}
        value={open.dueSoon.toLocaleString()}
        lead={overviewWords.dueSoonLead}
        to="/requests?timing=due_soon"
        tone={open.dueSoon > 0 ? 'warning.main' : undefined}
      />
      <Tile
        label={overviewWords.leftOver}
        value={counts.left_over.toLocaleString()}
        lead={overviewWords.leftOverLead}
        to="/requests?status=left_over"
        tone={counts.left_over > 0 ? 'warning.main' : undefined}
      />
      <Tile
        label={overviewWords.open}
        value={(counts.pending + counts.processing + counts.waiting_for_person).toLocaleString()}
        lead={overviewWords.openLead}
        to="/requests"
      />
      <Tile
        label={overviewWords.error}
        value={counts.error.toLocaleString()}
        lead={overviewWords.errorLead}
        to="/requests?status=error"
        tone={counts.error > 0 ? 'error.main' : undefined}
      />
      <Tile
        label={overviewWords.days}
        value={median === undefined ? '—' : durationText(median)}
        lead={`${overviewWords.daysLead(concluded)}${p90 === undefined ? '' : ` · ${overviewWords.p90(durationText(p90))}`}`}
      />
    </Box>
  );
}

function Tile(props: {
  readonly label: string;
  readonly value: string;
  readonly lead: string;
  readonly to?: string;
  readonly tone?: string | undefined;
}): ReactNode {
  const { label, value, lead, to, tone = 'text.primary' } = props;
  return (
    <Card
      sx={{
        p: { xs: 1.75, sm: 2.25 },
        position: 'relative',
        ...(to === undefined ? {} : { '&:hover': { borderColor: 'line.strong' } }),
      }}
    >
      <Typography variant="body2" component="h2" sx={{ color: 'text.secondary', fontWeight: 550 }}>
        {to === undefined ? (
          label
        ) : (
          <Link
            component={RouterLink}
            to={to}
            color="inherit"
            sx={{ '&::after': { content: '""', position: 'absolute', inset: 0 } }}
          >
            {label}
          </Link>
        )}
      </Typography>
      <Typography
        component="p"
        sx={{
          fontSize: { xs: '1.5rem', sm: '1.875rem' },
          fontWeight: 650,
          letterSpacing: '-0.02em',
          lineHeight: 1.25,
          color: tone,
          fontVariantNumeric: 'tabular-nums',
        }}
      >
        {value}
      </Typography>
      <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
        {lead}
      </Typography>
    </Card>
  );
}
