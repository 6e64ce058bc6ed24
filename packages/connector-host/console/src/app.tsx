/** The views and their addresses. Each view is loaded when it is first opened. */

import SearchOffIcon from '@mui/icons-material/SearchOff';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode } from 'react';
import { createBrowserRouter, Link, Navigate, RouterProvider } from 'react-router';
import { Problem } from './api/client.js';
import { Live } from './api/live.js';
import { SessionGate } from './api/session.js';
import { basePath } from './base-path.js';
import { Shell } from './frame/shell.js';
import { SignIn } from './frame/sign-in.js';
import { Notices } from './look/notify.js';
import { Empty, Failure, Loading } from './look/states.js';
import { theme } from './look/theme.js';
import { words } from './words/common.js';
import { useWorkCounts } from './work/queries.js';

const Overview = lazy(async () => ({ default: (await import('./overview/overview.js')).Overview }));
const Work = lazy(async () => ({ default: (await import('./work/work.js')).Work }));
const WorkPage = lazy(async () => ({ default: (await import('./work/item.js')).WorkPage }));
const Requests = lazy(async () => ({ default: (await import('./requests/requests.js')).Requests }));
const Request = lazy(async () => ({ default: (await import('./request/request.js')).Request }));
const DataMap = lazy(async () => ({ default: (await import('./map/data-map.js')).DataMap }));
const Connections = lazy(async () => ({ default: (await import('./connections/connections.js')).Connections }));
const ConnectionPage = lazy(async () => ({ default: (await import('./connections/connection.js')).ConnectionPage }));
const AccessTokens = lazy(async () => ({ default: (await import('./access/tokens.js')).AccessTokens }));
const NoticesPage = lazy(async () => ({ default: (await import('./notices/notices.js')).NoticesPage }));
const Connectors = lazy(async () => ({ default: (await import('./connect/connectors.js')).Connectors }));
const Connect = lazy(async () => ({ default: (await import('./connect/connect.js')).Connect }));

function NotFound(): ReactNode {
  return (
    <Empty
      alone
      icon={SearchOffIcon}
      title={words.notFound}
      action={
        <Button component={Link} to="/overview" variant="contained">
          {words.toStart}
        </Button>
      }
    >
      {words.notFoundBody}
    </Empty>
  );
}

/** Whoever has work begins with it, everybody else with the overview. */
function Start(): ReactNode {
  const { data, isPending } = useWorkCounts();
  if (isPending) return <Loading rows={5} />;
  return <Navigate to={data !== undefined && data.mine > 0 ? '/work' : '/overview'} replace />;
}

const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      children: [
        { index: true, element: <Start /> },
        { path: 'overview', element: <Overview /> },
        { path: 'work', element: <Work /> },
        { path: 'work/:id', element: <WorkPage /> },
        { path: 'requests', element: <Requests /> },
        { path: 'requests/:requestId', element: <Request /> },
        { path: 'map', element: <DataMap /> },
        { path: 'connections', element: <Connections /> },
        { path: 'connections/:id', element: <ConnectionPage /> },
        { path: 'connect', element: <Connectors /> },
        { path: 'connect/:connector', element: <Connect /> },
        { path: 'notices', element: <NoticesPage /> },
        { path: 'access', element: <AccessTokens /> },
        { path: '*', element: <NotFound /> },
      ],
    },
  ],
  { basename: basePath },
);

/** A problem of the reader's own making does not go away by asking again. */
const worthRetrying = (error: Error) => !(error instanceof Problem) || error.status === 0 || error.status >= 500;

const queries = new QueryClient({
  mutationCache: new MutationCache({ onSettled: () => void queries.invalidateQueries({ queryKey: ['overview'] }) }),
  defaultOptions: {
    // A host on this machine answers without a network. Only what reads is asked again by itself.
    queries: { networkMode: 'always', staleTime: 5_000, retry: (count, error) => count < 2 && worthRetrying(error) },
    // A change that cannot be sent at once fails at once: kept for later it would be sent after its reader had cancelled it.
    mutations: { networkMode: 'always', retry: false },
  },
});

// In development: host or connectors are others now, and may answer otherwise.
import.meta.hot?.on('host:renewed', () => void queries.invalidateQueries());

/** The whole console. */
export function App(): ReactNode {
  return (
    <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="console-scheme">
      <CssBaseline enableColorScheme />
      <QueryClientProvider client={queries}>
        <Notices>
          <SessionGate
            loading={
              <Box sx={{ p: 4 }}>
                <Loading rows={3} />
              </Box>
            }
            signIn={(props) => <SignIn {...props} />}
            failed={(error, again) => (
              <Box component="main" sx={{ p: 4 }}>
                <Failure error={error} again={again} />
              </Box>
            )}
          >
            <Live>
              <RouterProvider router={router} />
            </Live>
          </SessionGate>
        </Notices>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
