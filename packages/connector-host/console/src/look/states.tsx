/** What a view shows when there is nothing to show: loading, empty, failed. */

import type { SvgIconComponent } from '@mui/icons-material';
import CloudOffIcon from '@mui/icons-material/CloudOffOutlined';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Problem } from '../api/client.js';
import { words } from '../words/common.js';
import { visuallyHidden } from './visually-hidden.js';

/** Placeholders of the size of what is coming. */
export function Loading({ rows = 4, height = 56 }: { readonly rows?: number; readonly height?: number }): ReactNode {
  return (
    <Stack spacing={1.5} role="status" aria-busy="true">
      <Box component="span" sx={visuallyHidden}>
        {words.loading}
      </Box>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else.
        <Skeleton key={at} variant="rounded" height={height} />
      ))}
    </Stack>
  );
}

/** Nothing is here yet, and what to do about it. */
export function Empty(props: {
  readonly icon: SvgIconComponent;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** It is the whole view: its title is the page's heading. */
  readonly alone?: boolean;
}): ReactNode {
  const { icon: Icon, title, children, action, alone = false } = props;
  return (
    <Stack spacing={1.5} sx={{ alignItems: 'center', textAlign: 'center', py: { xs: 5, sm: 8 }, px: 2 }}>
      <Box
        sx={{
          display: 'grid',
          placeItems: 'center',
          width: 56,
          height: 56,
          borderRadius: '50%',
          bgcolor: 'primary.light',
          color: 'primary.main',
        }}
      >
        <Icon aria-hidden />
      </Box>
      <Typography variant="h2" component={alone ? 'h1' : 'p'}>
        {title}
      </Typography>
      {children ? (
        <Typography variant="body2" component="div" sx={{ color: 'text.secondary', maxWidth: 460 }}>
          {children}
        </Typography>
      ) : null}
      {action}
    </Stack>
  );
}

/** Something could not be loaded. */
export function Failure({ error, again }: { readonly error: Error; again?(): void }): ReactNode {
  const offline = error instanceof Problem && error.status === 0;
  return (
    <Alert
      severity="error"
      variant="outlined"
      {...(offline ? { icon: <CloudOffIcon aria-hidden /> } : {})}
      action={
        again === undefined ? undefined : (
          <Button color="inherit" size="small" onClick={again}>
            {words.retry}
          </Button>
        )
      }
    >
      <AlertTitle>{words.failed}</AlertTitle>
      {error.message} {error instanceof Problem ? error.remedy : undefined}
    </Alert>
  );
}

/** An action did not work. Read out at once. */
export function ActionProblem({ error }: { readonly error: Error | null | undefined }): ReactNode {
  if (!error) return null;
  const details = error instanceof Problem ? error.errors : [];
  return (
    <Alert severity="error" variant="outlined">
      <AlertTitle>{words.actionFailed}</AlertTitle>
      {error.message} {error instanceof Problem ? error.remedy : undefined}
      {details.length > 1 ? (
        <Box component="ul" sx={{ pl: 2.5, my: 0.5 }}>
          {details.map((one) => (
            <li key={`${one.field} ${one.message}`}>
              {one.message} {one.remedy}
            </li>
          ))}
        </Box>
      ) : null}
    </Alert>
  );
}
