import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { AskDialog } from '../look/ask-dialog.js';
import { Doubt } from '../requests/doubt.js';
import { doubtWords } from '../words/requests.js';
import { useAct } from './use-act.js';

/** Why a request is held that may name nobody, and the way on for who may say that it is meant. */
export function Held({ request, path }: { readonly request: RequestDetail; readonly path: string }): ReactNode {
  const { doubtful, tasks } = request;
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const held = tasks.some(({ waitsFor }) => waitsFor === 'identifier');
  if (doubtful === undefined) return null;
  if (doubtful.allowed) {
    return (
      <Typography variant="body2" sx={{ mt: 1 }}>
        {doubtWords.allowedBy}
      </Typography>
    );
  }
  if (!held) return null;
  return (
    <Box sx={{ mt: 1.5 }}>
      <Doubt reasons={doubtful.reasons}>
        {may('requests:allow') ? (
          <Box sx={{ mt: 1.5 }}>
            <Button variant="outlined" size="small" onClick={() => setAsking(true)}>
              {doubtWords.allow}
            </Button>
          </Box>
        ) : null}
      </Doubt>
      {asking ? <AllowDialog request={request} path={path} onClose={() => setAsking(false)} /> : null}
    </Box>
  );
}

function AllowDialog(props: { readonly request: RequestDetail; readonly path: string; onClose(): void }): ReactNode {
  const { request, path, onClose } = props;
  const allow = useAct<undefined>(`${path}/allow`, doubtWords.allowed, onClose);
  return (
    <AskDialog
      title={doubtWords.allowTitle}
      action={doubtWords.allow}
      grave
      pending={allow.isPending}
      error={allow.error}
      onSubmit={() => allow.mutate(undefined)}
      onClose={onClose}
    >
      <Typography variant="body2">{doubtWords.allowBody}</Typography>
      <Doubt reasons={request.doubtful?.reasons ?? []} />
    </AskDialog>
  );
}
