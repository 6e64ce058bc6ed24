import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { ConnectorManifest } from 'connector-contract';
import { type ReactNode, useState } from 'react';
import { Section } from '../look/page.js';
import { Prose } from '../look/prose.js';
import { connectWords } from '../words/connect.js';

/** The setup steps of a manifest as a checklist; the ticks survive a reload of the page. */
export function SetupSteps({ manifest }: { readonly manifest: ConnectorManifest }): ReactNode {
  const kept = `console-steps ${manifest.id}`;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(
    () => new Set((sessionStorage.getItem(kept) ?? '').split(' ')),
  );
  const { steps } = manifest.setup;
  const done = steps.filter(({ id }) => ticked.has(id)).length;
  const tick = (id: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    setTicked(next);
    sessionStorage.setItem(kept, [...next].join(' '));
  };
  return (
    <Section title={connectWords.steps} lead={connectWords.stepsLead}>
      <LinearProgress
        variant="determinate"
        value={(100 * done) / steps.length}
        aria-label={connectWords.progress(done, steps.length)}
        sx={{ borderRadius: 1, mb: 0.5, height: 6 }}
      />
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {connectWords.progress(done, steps.length)}
      </Typography>
      <Box component="ol" sx={{ listStyle: 'none', m: 0, mt: 1, p: 0 }}>
        {steps.map(({ id, title, body }, at) => {
          const on = ticked.has(id);
          return (
            <Box
              component="li"
              key={id}
              sx={{
                display: 'grid',
                gridTemplateColumns: 'auto 1fr',
                columnGap: 1,
                py: 1,
                borderTop: at === 0 ? 0 : 1,
                borderColor: 'line.main',
              }}
            >
              <Checkbox
                size="small"
                checked={on}
                onChange={(_event, checked) => tick(id, checked)}
                sx={{ p: 0.25, alignSelf: 'start' }}
                slotProps={{ input: { 'aria-label': title } }}
              />
              <Box sx={{ minWidth: 0, color: on ? 'text.secondary' : 'text.primary' }}>
                <Typography variant="body2" component="h3" sx={{ fontWeight: 600, mb: 0.25 }}>
                  {at + 1}. {title}
                </Typography>
                <Prose small>{body}</Prose>
              </Box>
            </Box>
          );
        })}
      </Box>
    </Section>
  );
}
