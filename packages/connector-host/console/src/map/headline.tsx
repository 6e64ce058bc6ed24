import Box from '@mui/material/Box';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { SystemSummary } from '../api/model.js';
import { coverageMeaning, coverageOrder, coverageWords } from '../words/common.js';
import { mapWords } from '../words/map.js';

/** The sentence a privacy lead needs. */
function headlineText({ reached, total, needYou, decided, unknown }: SystemSummary): string {
  const parts = [
    needYou === 0 ? mapWords.nobodyNeeded : mapWords.needYou(needYou),
    ...(unknown === 0 ? [] : [mapWords.unknown(unknown)]),
    ...(decided === 0 ? [] : [mapWords.decided(decided)]),
  ];
  return `${mapWords.headline(reached, total)}; ${parts.join(', ')}.`;
}

/** The same as a bar, with what each part is. */
export function Headline({ summary }: { readonly summary: SystemSummary }): ReactNode {
  const parts = coverageOrder
    .map((state) => [state, summary.byCoverage[state]] as const)
    .filter(([, count]) => count > 0);
  return (
    <Box>
      <Typography
        sx={{
          fontSize: { xs: '1.125rem', sm: '1.375rem' },
          fontWeight: 650,
          letterSpacing: '-0.01em',
          lineHeight: 1.3,
        }}
      >
        {headlineText(summary)}
      </Typography>
      <Box aria-hidden sx={{ display: 'flex', gap: '3px', height: 10, mt: 1.5, borderRadius: 5, overflow: 'hidden' }}>
        {parts.map(([state, count]) => (
          <Tooltip key={state} title={`${coverageWords[state]}: ${count}`}>
            <Box sx={{ flex: count, minWidth: 4, bgcolor: `coverage.${state}` }} />
          </Tooltip>
        ))}
      </Box>
      <Box
        component="ul"
        sx={{ listStyle: 'none', display: 'flex', flexWrap: 'wrap', columnGap: 2.5, rowGap: 0.5, m: 0, mt: 1.25, p: 0 }}
      >
        {parts.map(([state, count]) => (
          <Tooltip key={state} title={coverageMeaning[state]}>
            <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 0.75, typography: 'caption' }}>
              <Box aria-hidden sx={{ width: 10, height: 10, borderRadius: '3px', bgcolor: `coverage.${state}` }} />
              <strong>{count}</strong> {coverageWords[state]}
            </Box>
          </Tooltip>
        ))}
      </Box>
    </Box>
  );
}
