import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import type { ReactNode } from 'react';
import { words } from '../words/common.js';
import { visuallyHidden } from './visually-hidden.js';

/** A link to another site; says that it opens in a new tab. */
export function OutLink({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactNode {
  return (
    <Link href={href} target="_blank" rel="noopener noreferrer" underline="always">
      {children}
      <Box component="span" sx={visuallyHidden}>
        {' '}
        {words.opensNewTab}
      </Box>
    </Link>
  );
}
