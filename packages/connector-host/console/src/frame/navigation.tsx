import AddLinkIcon from '@mui/icons-material/AddLink';
import HubIcon from '@mui/icons-material/HubOutlined';
import InsightsIcon from '@mui/icons-material/InsightsOutlined';
import KeyIcon from '@mui/icons-material/KeyOutlined';
import NotificationsIcon from '@mui/icons-material/NotificationsOutlined';
import PersonRemoveIcon from '@mui/icons-material/PersonRemoveOutlined';
import PowerIcon from '@mui/icons-material/PowerOutlined';
import TaskIcon from '@mui/icons-material/TaskAltOutlined';
import ShieldIcon from '@mui/icons-material/VerifiedUserOutlined';
import Box from '@mui/material/Box';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { useSession } from '../api/session.js';
import { words } from '../words/common.js';
import { frameWords } from '../words/frame.js';

const places = [
  { to: '/overview', label: frameWords.overview, icon: InsightsIcon },
  { to: '/work', label: frameWords.work, icon: TaskIcon },
  { to: '/requests', label: frameWords.requests, icon: PersonRemoveIcon },
  { to: '/map', label: frameWords.map, icon: HubIcon },
  { to: '/connections', label: frameWords.connections, icon: PowerIcon },
  { to: '/connect', label: frameWords.connect, icon: AddLinkIcon },
] as const;

const notices = { to: '/notices', label: frameWords.notices, icon: NotificationsIcon } as const;
const access = { to: '/access', label: frameWords.access, icon: KeyIcon } as const;

/** Where one can go. */
export function Navigation({ onGo }: { onGo?(): void }): ReactNode {
  const { pathname } = useLocation();
  const { may } = useSession();
  const shown = [...places, ...(may('notices:manage') ? [notices] : []), ...(may('tokens:manage') ? [access] : [])];
  return (
    <Box component="nav" aria-label={frameWords.navigation} sx={{ px: 1.5, py: 2 }}>
      <Stack direction="row" sx={{ alignItems: 'center', gap: 1, px: 1.25, mb: 2.5, color: 'primary.main' }}>
        <ShieldIcon aria-hidden />
        <Typography sx={{ fontWeight: 700, color: 'text.primary' }}>{words.product}</Typography>
      </Stack>
      <List disablePadding sx={{ display: 'grid', gap: 0.25 }}>
        {shown.map(({ to, label, icon: Icon }) => {
          const here = pathname === to || pathname.startsWith(`${to}/`);
          return (
            <ListItem key={to} disablePadding>
              <ListItemButton
                component={Link}
                to={to}
                state={{ arrived: true }}
                selected={here}
                {...(here ? { 'aria-current': 'page' as const } : {})}
                {...(onGo === undefined ? {} : { onClick: onGo })}
                sx={{
                  borderRadius: 1,
                  py: 0.75,
                  px: 1.25,
                  '&.Mui-selected, &.Mui-selected:hover': { bgcolor: 'primary.light', color: 'primary.main' },
                }}
              >
                <ListItemIcon sx={{ minWidth: 34, color: here ? 'primary.main' : 'text.secondary' }}>
                  <Icon fontSize="small" aria-hidden />
                </ListItemIcon>
                <ListItemText
                  primary={label}
                  slotProps={{ primary: { variant: 'body2', sx: { fontWeight: here ? 650 : 500 } } }}
                />
              </ListItemButton>
            </ListItem>
          );
        })}
      </List>
    </Box>
  );
}
