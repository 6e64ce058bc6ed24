import ShieldIcon from '@mui/icons-material/VerifiedUserOutlined';
import VisibilityOffIcon from '@mui/icons-material/VisibilityOffOutlined';
import VisibilityIcon from '@mui/icons-material/VisibilityOutlined';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import IconButton from '@mui/material/IconButton';
import InputAdornment from '@mui/material/InputAdornment';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { host, Problem } from '../api/client.js';
import type { Session } from '../api/model.js';
import { words } from '../words/common.js';
import { signInWords } from '../words/frame.js';

/** Exchanges an access token for a session. */
export function SignIn(props: { readonly expired: boolean; onSignedIn(session: Session): void }): ReactNode {
  const [token, setToken] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = `${signInWords.title} · ${words.product}`;
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = token.trim();
    setProblem(undefined);
    if (given === '') {
      setProblem(signInWords.needed);
      field.current?.focus();
      return;
    }
    setBusy(true);
    try {
      props.onSignedIn(await host.signIn(given));
    } catch (error) {
      const wrong = error instanceof Problem && error.status === 401;
      setProblem(wrong ? signInWords.wrong : (error as Error).message);
      setBusy(false);
      field.current?.focus();
    }
  };

  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'grid', placeItems: 'center', p: 2 }}>
      <Box sx={{ width: '100%', maxWidth: 420 }}>
        <Stack direction="row" sx={{ alignItems: 'center', gap: 1.25, mb: 3, color: 'primary.main' }}>
          <ShieldIcon aria-hidden sx={{ fontSize: 30 }} />
          <Typography sx={{ fontWeight: 700, fontSize: '1.125rem', color: 'text.primary' }}>{words.product}</Typography>
        </Stack>
        <Card sx={{ p: { xs: 2.5, sm: 4 } }}>
          <Typography variant="h1">{signInWords.title}</Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.75, mb: 2.5 }}>
            {signInWords.lead}
          </Typography>
          {props.expired ? (
            <Alert severity="warning" variant="outlined" sx={{ mb: 2.5 }}>
              {signInWords.expired}
            </Alert>
          ) : null}
          <Stack component="form" noValidate onSubmit={submit} spacing={2.5}>
            <TextField
              label={signInWords.token}
              type={shown ? 'text' : 'password'}
              value={token}
              onChange={(event) => setToken(event.target.value)}
              error={problem !== undefined}
              helperText={problem ?? signInWords.tokenHelp}
              autoFocus
              fullWidth
              inputRef={field}
              autoComplete="off"
              slotProps={{
                formHelperText: { role: problem === undefined ? undefined : 'alert' },
                htmlInput: { spellCheck: false, autoCapitalize: 'none' },
                input: {
                  endAdornment: (
                    <InputAdornment position="end">
                      <IconButton
                        edge="end"
                        aria-label={shown ? signInWords.hide : signInWords.show}
                        onClick={() => setShown(!shown)}
                      >
                        {shown ? <VisibilityOffIcon /> : <VisibilityIcon />}
                      </IconButton>
                    </InputAdornment>
                  ),
                },
              }}
            />
            <Button type="submit" variant="contained" size="large" disabled={busy}>
              {busy ? signInWords.busy : signInWords.submit}
            </Button>
          </Stack>
        </Card>
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 2 }}>
          {signInWords.kept}
        </Typography>
      </Box>
    </Box>
  );
}
