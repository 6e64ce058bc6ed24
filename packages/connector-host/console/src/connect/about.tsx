import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import { OutLink } from '../look/out-link.js';
import { Facts, Section } from '../look/page.js';
import { Prose } from '../look/prose.js';
import { roleWords } from '../words/common.js';
import { connectWords } from '../words/connect.js';

/** What a connector does, for whom, and where its limits are: all from its manifest. */
export function AboutConnector({ manifest }: { readonly manifest: ConnectorManifest }): ReactNode {
  const { deletion, access, systemDetection, limits, vendor, roles, identities, permissions } = manifest;
  const roleNames = roles.host.map((role) => roleWords[role]).join(', ');
  const facts: (readonly [string, ReactNode])[] = [
    ...(deletion === undefined
      ? []
      : ([
          [
            connectWords.deletionType,
            `${connectWords.deletionTypes[deletion.type]} (${connectWords.granularities[deletion.granularity]})`,
          ],
          [connectWords.within, connectWords.days(deletion.slaDays)],
        ] as const)),
    [connectWords.accessType, connectWords.accessTypes[access.type]],
    [connectWords.identities, identities.kinds.map(({ label }) => label).join(', ')],
    ...(systemDetection === undefined
      ? []
      : ([[connectWords.cadence, connectWords.every(systemDetection.cadenceHours)]] as const)),
    ...(limits.quota === undefined
      ? []
      : ([[connectWords.quota, connectWords.quotaOf(limits.quota.subjects)]] as const)),
    [
      connectWords.who,
      <Box key="who">
        <Box>
          {connectWords.whoHere}: {roleNames}
        </Box>
        {roles.vendor.length === 0 ? null : (
          <Box>
            {connectWords.whoThere(vendor.name)}: {roles.vendor.join(', ')}
          </Box>
        )}
      </Box>,
    ],
    ...(vendor.apiDocumentation === undefined
      ? []
      : ([
          [
            connectWords.documentation,
            <OutLink key="doc" href={vendor.apiDocumentation.link}>
              {vendor.apiDocumentation.label}
            </OutLink>,
          ],
        ] as const)),
  ];
  return (
    <Section title={connectWords.does}>
      <Typography variant="body2" sx={{ mb: 2, overflowWrap: 'anywhere' }}>
        {manifest.summary}
      </Typography>
      <Facts items={facts} />
      <Box sx={{ mt: 2 }}>
        {permissions.length === 0 ? null : (
          <Fold title={`${connectWords.permissions} (${permissions.length})`}>
            {permissions.map((one) => (
              <Box component="li" key={one.id} sx={{ mb: 1 }}>
                <Typography variant="body2">
                  <strong>{one.label}</strong>
                  {one.required ? ` (${connectWords.required})` : ''}: {one.why}
                </Typography>
              </Box>
            ))}
          </Fold>
        )}
        {deletion === undefined || deletion.notReached.length === 0 ? null : (
          <Fold title={`${connectWords.notReached} (${deletion.notReached.length})`}>
            {deletion.notReached.map((text) => (
              <Box component="li" key={text} sx={{ mb: 1 }}>
                <Prose small>{text}</Prose>
              </Box>
            ))}
          </Fold>
        )}
      </Box>
    </Section>
  );
}

/** A list behind a heading that can be opened. */
export function Fold({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <Accordion
      disableGutters
      square
      sx={{ bgcolor: 'transparent', borderTop: 1, borderColor: 'line.main', '&::before': { display: 'none' } }}
      slotProps={{ heading: { component: 'h3' } }}
    >
      <AccordionSummary
        expandIcon={<ExpandMoreIcon />}
        sx={{ px: 0, minHeight: 44, typography: 'body2', fontWeight: 600 }}
      >
        {title}
      </AccordionSummary>
      <AccordionDetails sx={{ px: 0, pt: 0 }}>
        <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
          {children}
        </Box>
      </AccordionDetails>
    </Accordion>
  );
}
