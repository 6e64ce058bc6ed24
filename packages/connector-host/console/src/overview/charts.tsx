import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import { BarChart } from '@mui/x-charts/BarChart';
import type { ReactNode } from 'react';
import type { Overview } from '../api/model.js';
import { visuallyHidden } from '../look/visually-hidden.js';
import { overviewWords } from '../words/overview.js';

interface ChartProps {
  readonly figures: Overview;
  /** Pixels. */
  readonly height: number;
}

const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

const compactNumber = new Intl.NumberFormat(undefined, { notation: 'compact' });
const compact = (count: number) => compactNumber.format(count);

function Nothing({ height }: { readonly height: number }): ReactNode {
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary', height, display: 'grid', placeItems: 'center' }}>
      {overviewWords.noData}
    </Typography>
  );
}

/** The same figures for who cannot see the chart. */
function Figures({
  caption,
  rows,
}: {
  readonly caption: string;
  readonly rows: readonly (readonly [string, string])[];
}): ReactNode {
  return (
    <Box component="table" sx={visuallyHidden}>
      <caption>{caption}</caption>
      <tbody>
        {rows.map(([head, value]) => (
          <tr key={head}>
            <th scope="row">{head}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </Box>
  );
}

/** What came in and what was done, by day. */
export function DayChart({ figures: { days }, height }: ChartProps): ReactNode {
  const theme = useTheme();
  const palette = (theme.vars ?? theme).palette;
  if (days.every(({ accepted, concluded }) => accepted + concluded === 0)) return <Nothing height={height} />;
  return (
    <Box sx={{ position: 'relative' }}>
      <Box aria-hidden>
        <BarChart
          height={height}
          skipAnimation
          disableKeyboardNavigation
          borderRadius={2}
          margin={{ left: 0, right: 4, top: 8, bottom: 0 }}
          grid={{ horizontal: true }}
          xAxis={[
            {
              data: days.map(({ day }) => short.format(new Date(day))),
              scaleType: 'band',
              categoryGapRatio: 0.35,
              barGapRatio: 0.1,
              tickInterval: (_day: string, at: number) => (days.length - 1 - at) % 7 === 3,
            },
          ]}
          yAxis={[{ min: 0, tickMinStep: 1, width: 48, valueFormatter: compact }]}
          series={[
            {
              data: days.map(({ accepted }) => accepted),
              label: overviewWords.accepted,
              color: palette.secondary.main,
            },
            {
              data: days.map(({ concluded, withTrouble }) => concluded - withTrouble),
              label: overviewWords.completed,
              color: palette.success.main,
              stack: 'done',
            },
            {
              data: days.map(({ withTrouble }) => withTrouble),
              label: overviewWords.trouble,
              color: palette.warning.main,
              stack: 'done',
            },
          ]}
        />
      </Box>
      <Figures
        caption={overviewWords.overTime}
        rows={days
          .filter(({ accepted, concluded }) => accepted + concluded > 0)
          .map(({ day, accepted, concluded, withTrouble }) => [
            day,
            `${overviewWords.accepted} ${accepted}, ${overviewWords.completed} ${concluded - withTrouble}, ${overviewWords.trouble} ${withTrouble}`,
          ])}
      />
    </Box>
  );
}

/** How long completed deletions took. */
export function DurationChart({ figures: { durations }, height }: ChartProps): ReactNode {
  const theme = useTheme();
  const palette = (theme.vars ?? theme).palette;
  if (durations.every(({ count }) => count === 0)) return <Nothing height={height} />;
  const label = (upTo: number | undefined) => (upTo === undefined ? overviewWords.more : overviewWords.upTo(upTo));
  return (
    <Box sx={{ position: 'relative' }}>
      <Box aria-hidden>
        <BarChart
          height={height}
          skipAnimation
          disableKeyboardNavigation
          hideLegend
          borderRadius={4}
          margin={{ left: 0, right: 0, top: 8, bottom: 0 }}
          grid={{ horizontal: true }}
          xAxis={[
            {
              data: durations.map(({ upTo }) => label(upTo)),
              scaleType: 'band',
              categoryGapRatio: 0.35,
              tickLabelInterval: () => true,
              tickLabelStyle: { fontSize: 11 },
            },
          ]}
          yAxis={[{ min: 0, tickMinStep: 1, width: 48, valueFormatter: compact }]}
          series={[
            { data: durations.map(({ count }) => count), label: overviewWords.requests, color: palette.primary.main },
          ]}
        />
      </Box>
      <Figures
        caption={overviewWords.durations}
        rows={durations.map(({ upTo, count }) => [label(upTo), String(count)])}
      />
    </Box>
  );
}
