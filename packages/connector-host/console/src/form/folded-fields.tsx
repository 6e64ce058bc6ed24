import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';

/** Fields of a form that most leave as they are, under a fold that opens where one of them is faulty. */
export function FoldedFields({
  title,
  small = false,
  help,
  faulty,
  spacing,
  children,
}: {
  readonly title: string;
  /** The title as large as a field's. */
  readonly small?: boolean;
  readonly help?: string | undefined;
  readonly faulty: boolean;
  /** Between what is in it, in the theme's units. */
  readonly spacing: number;
  readonly children: ReactNode;
}): ReactNode {
  const [opened, setOpened] = useState(false);
  const look = small
    ? ({ variant: 'body2', sx: { display: 'block', fontWeight: 600 } } as const)
    : ({ variant: 'h3', sx: { display: 'block' } } as const);
  return (
    <Accordion
      variant="outlined"
      disableGutters
      expanded={opened || faulty}
      onChange={(_event, open) => setOpened(open)}
      sx={{ borderRadius: 1, borderColor: 'line.main', '&::before': { display: 'none' } }}
      slotProps={{ heading: { component: 'h3' } }}
    >
      <AccordionSummary expandIcon={<ExpandMoreIcon />}>
        <Box component="span">
          <Typography component="span" {...look}>
            {title}
          </Typography>
          {help === undefined ? null : (
            <Typography component="span" variant="caption" sx={{ color: 'text.secondary' }}>
              {help}
            </Typography>
          )}
        </Box>
      </AccordionSummary>
      <AccordionDetails>
        <Stack spacing={spacing}>{children}</Stack>
      </AccordionDetails>
    </Accordion>
  );
}
