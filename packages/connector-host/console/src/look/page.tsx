import Box from '@mui/material/Box';
import Breadcrumbs from '@mui/material/Breadcrumbs';
import Card from '@mui/material/Card';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Link as RouterLink, useLocation } from 'react-router';
import { words } from '../words/common.js';

/** Props of {@link Page}. */
export interface PageProps {
  readonly title: string;
  /** Beside the title: a state chip. */
  readonly badge?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly parents?: readonly { readonly label: string; readonly to: string }[];
  /** The whole width, for tables and maps. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A view: its title in the window and on the page, which takes the focus when one comes from another view. */
export function Page({ title, badge, lead, actions, parents, wide = false, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname, state } = useLocation();
  const arrived = (state as { readonly arrived?: boolean } | null)?.arrived === true;
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each view.
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <Box sx={{ maxWidth: wide ? 1680 : 1180, mx: 'auto', width: '100%' }}>
      {parents ? (
        <Breadcrumbs sx={{ mb: 1, fontSize: '0.8125rem' }}>
          {parents.map(({ label, to }) => (
            <Link key={to} component={RouterLink} to={to} color="text.secondary">
              {label}
            </Link>
          ))}
        </Breadcrumbs>
      ) : null}
      <Stack direction="row" sx={{ mb: 2.5, columnGap: 2, rowGap: 1.5, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <Box sx={{ flex: '1 1 280px', minWidth: 0 }}>
          <Stack direction="row" sx={{ gap: 1.25, alignItems: 'center', flexWrap: 'wrap' }}>
            <Typography variant="h1" ref={heading} tabIndex={-1} sx={{ overflowWrap: 'anywhere', outline: 'none' }}>
              {title}
            </Typography>
            {badge}
          </Stack>
          {lead ? (
            <Typography variant="body2" component="div" sx={{ color: 'text.secondary', mt: 0.5, maxWidth: 760 }}>
              {lead}
            </Typography>
          ) : null}
        </Box>
        {actions ? (
          <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
            {actions}
          </Stack>
        ) : null}
      </Stack>
      {children}
    </Box>
  );
}

/** A card with a heading; a landmark that can be jumped to. */
export function Section(props: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
  /** Tables go to the edges. */
  readonly flush?: boolean;
}): ReactNode {
  const { title, lead, action, children, flush = false } = props;
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id} sx={{ minWidth: 0 }}>
      <Stack
        direction="row"
        sx={{ px: 2.5, pt: 2, pb: flush ? 1.5 : 0, gap: 2, alignItems: 'flex-start', justifyContent: 'space-between' }}
      >
        <Box sx={{ minWidth: 0 }}>
          <Typography id={id} variant="h2">
            {title}
          </Typography>
          {lead ? (
            <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 0.25 }}>
              {lead}
            </Typography>
          ) : null}
        </Box>
        {action}
      </Stack>
      <Box sx={flush ? {} : { px: 2.5, pt: 1.75, pb: 2.5 }}>{children}</Box>
    </Card>
  );
}

/** A list of facts: term and value. */
export function Facts({
  items,
}: {
  readonly items: readonly (readonly [term: string, value: ReactNode])[];
}): ReactNode {
  return (
    <Box
      component="dl"
      sx={{ m: 0, display: 'grid', gridTemplateColumns: 'fit-content(45%) minmax(0, 1fr)', columnGap: 2, rowGap: 0.75 }}
    >
      {items.map(([term, value]) => (
        <Box key={term} sx={{ display: 'contents' }}>
          <Typography component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
            {term}
          </Typography>
          <Typography component="dd" variant="body2" sx={{ m: 0, minWidth: 0, overflowWrap: 'anywhere' }}>
            {value}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
