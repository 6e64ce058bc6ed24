import AccountCircleIcon from '@mui/icons-material/AccountCircleOutlined';
import CheckIcon from '@mui/icons-material/Check';
import ContrastIcon from '@mui/icons-material/Contrast';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import IconButton from '@mui/material/IconButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useColorScheme } from '@mui/material/styles';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import { useLive } from '../api/live.js';
import { useSession } from '../api/session.js';
import { visuallyHidden } from '../look/visually-hidden.js';
import { roleWords } from '../words/common.js';
import { frameWords } from '../words/frame.js';

const schemes = [
  ['system', frameWords.systemScheme],
  ['light', frameWords.light],
  ['dark', frameWords.dark],
] as const;

/** Chooses light or dark. */
export function SchemeMenu(): ReactNode {
  const { mode, setMode } = useColorScheme();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Tooltip title={frameWords.scheme}>
        <IconButton
          aria-label={frameWords.scheme}
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <ContrastIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {schemes.map(([value, label]) => (
          <MenuItem
            key={value}
            role="menuitemradio"
            aria-checked={mode === value}
            onClick={() => {
              setMode(value);
              setAnchor(null);
            }}
          >
            <ListItemIcon>{mode === value ? <CheckIcon fontSize="small" /> : null}</ListItemIcon>
            <ListItemText>{label}</ListItemText>
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** Who is signed in, and the way out. */
export function AccountMenu(): ReactNode {
  const { session, signOut } = useSession();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { name, role } = session;
  return (
    <>
      <Button
        color="inherit"
        size="small"
        startIcon={<AccountCircleIcon />}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ '& .MuiButton-startIcon': { mr: { xs: 0, sm: 0.75 } }, minWidth: 0 }}
      >
        <Box component="span" sx={{ display: { xs: 'none', sm: 'inline' } }}>
          {roleWords[role]}
        </Box>
        <Box component="span" sx={visuallyHidden}>
          {frameWords.account}
        </Box>
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <Box component="li" role="none" sx={{ px: 2, py: 1, maxWidth: 280 }}>
          <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
            {name}
          </Typography>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {roleWords[role]}
          </Typography>
        </Box>
        <Divider component="li" role="none" />
        <MenuItem onClick={() => void signOut()}>{frameWords.signOut}</MenuItem>
      </Menu>
    </>
  );
}

/** Whether changes arrive by themselves. */
export function LiveDot(): ReactNode {
  const live = useLive() === 'live';
  return (
    <Tooltip title={live ? frameWords.liveHelp : frameWords.waitingHelp}>
      <Box
        role="status"
        sx={{
          display: 'inline-flex',
          alignItems: 'center',
          gap: 0.75,
          typography: 'caption',
          color: 'text.secondary',
          px: 1,
        }}
      >
        <Box
          aria-hidden
          sx={{ width: 8, height: 8, borderRadius: '50%', bgcolor: live ? 'success.main' : 'warning.main' }}
        />
        {live ? frameWords.live : frameWords.waiting}
      </Box>
    </Tooltip>
  );
}
