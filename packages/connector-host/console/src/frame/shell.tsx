import MenuIcon from '@mui/icons-material/Menu';
import Alert from '@mui/material/Alert';
import AppBar from '@mui/material/AppBar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Toolbar from '@mui/material/Toolbar';
import { type ReactNode, Suspense, useState } from 'react';
import { Link, Outlet, useHref, useLocation } from 'react-router';
import { useConnections } from '../connections/queries.js';
import { Loading } from '../look/states.js';
import { frameWords } from '../words/frame.js';
import { Broken } from './broken.js';
import { AccountMenu, LiveDot, SchemeMenu } from './menus.js';
import { Navigation } from './navigation.js';
import { ReadinessNotice } from './readiness-notice.js';

const width = 232;

/** Loud on every page: a connection whose credential stopped working. */
function ReconnectNotice(): ReactNode {
  const { data = [] } = useConnections();
  const { pathname } = useLocation();
  const broken = data.filter(({ state }) => state === 'reconnect');
  const [first] = broken;
  if (first === undefined) return null;
  const to = broken.length === 1 ? `/connections/${encodeURIComponent(first.id)}?edit=secrets` : '/connections';
  return (
    <Alert
      severity="error"
      variant="filled"
      sx={{ mb: 2.5, alignItems: 'center' }}
      action={
        pathname.startsWith(`/connections/${first.id}`) ? undefined : (
          <Button
            color="inherit"
            variant="outlined"
            size="small"
            component={Link}
            to={to}
            sx={{ color: 'inherit', borderColor: 'currentColor', whiteSpace: 'nowrap' }}
          >
            {frameWords.fix}
          </Button>
        )
      }
    >
      {broken.length === 1 ? frameWords.reconnectOne(first.name) : frameWords.reconnectMany(broken.length)}
    </Alert>
  );
}

/** What stands around every view. */
export function Shell(): ReactNode {
  const [open, setOpen] = useState(false);
  const { pathname, search } = useLocation();
  // With its path: the page says from where addresses count, and a fragment alone would lead there.
  const content = useHref({ pathname, search, hash: 'content' });
  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <Box
        component="a"
        href={content}
        sx={{
          position: 'fixed',
          top: -80,
          left: 12,
          zIndex: 2000,
          bgcolor: 'background.paper',
          px: 2,
          py: 1,
          borderRadius: 1,
          '&:focus': { top: 12 },
        }}
      >
        {frameWords.skip}
      </Box>
      <Drawer
        variant="permanent"
        sx={{
          display: { xs: 'none', md: 'block' },
          width,
          flexShrink: 0,
          '& .MuiDrawer-paper': { width, bgcolor: 'background.paper' },
        }}
      >
        <Navigation />
      </Drawer>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        sx={{ display: { md: 'none' }, '& .MuiDrawer-paper': { width } }}
      >
        <Navigation onGo={() => setOpen(false)} />
      </Drawer>
      <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <AppBar
          position="sticky"
          color="inherit"
          elevation={0}
          sx={{ bgcolor: 'background.default', borderBottom: 1, borderColor: 'divider' }}
        >
          <Toolbar variant="dense" sx={{ gap: 0.5, minHeight: 52, px: { xs: 1.5, sm: 3 } }}>
            <IconButton
              edge="start"
              aria-label={frameWords.openMenu}
              onClick={() => setOpen(true)}
              sx={{ display: { md: 'none' } }}
            >
              <MenuIcon />
            </IconButton>
            <Box sx={{ flex: 1 }} />
            <LiveDot />
            <SchemeMenu />
            <AccountMenu />
          </Toolbar>
        </AppBar>
        <Box
          component="main"
          id="content"
          tabIndex={-1}
          sx={{ flex: 1, minWidth: 0, p: { xs: 2, sm: 3 }, outline: 'none', display: 'flex', flexDirection: 'column' }}
        >
          <ReadinessNotice />
          <ReconnectNotice />
          <Broken key={pathname}>
            <Suspense fallback={<Loading rows={5} />}>
              <Outlet />
            </Suspense>
          </Broken>
        </Box>
      </Box>
    </Box>
  );
}
