import LockIcon from '@mui/icons-material/LockOutlined';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { AccessToken } from '../api/model.js';
import { useSession } from '../api/session.js';
import { type Tone, ToneChip } from '../look/chips.js';
import { useDialogAddress } from '../look/dialog-address.js';
import { Listing } from '../look/listing.js';
import { Page, Section } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { When } from '../look/when.js';
import { accessWords } from '../words/access.js';
import { roleWords } from '../words/common.js';
import { MakeToken } from './make-token.js';
import { RevokeToken } from './revoke-token.js';
import { Sessions } from './sessions.js';

const dialogs = ['new', 'revoke'] as const;

/** Who may come in: the access tokens, for those who may give and take them. */
export function AccessTokens(): ReactNode {
  const { may } = useSession();
  if (may('tokens:manage')) return <Tokens />;
  return (
    <Empty alone icon={LockIcon} title={accessWords.forbidden}>
      {accessWords.forbiddenBody}
    </Empty>
  );
}

function Tokens(): ReactNode {
  const { dialog, open, close } = useDialogAddress(dialogs);
  const found = useQuery({
    queryKey: ['tokens'],
    queryFn: async ({ signal }) =>
      (await host.get<{ readonly items: readonly AccessToken[] }>('/tokens', signal)).items,
  });
  const revoked = found.data?.find(({ id }) => id === dialog('revoke'));
  return (
    <Page
      title={accessWords.title}
      lead={accessWords.lead}
      actions={
        <Button variant="contained" onClick={() => open('new')}>
          {accessWords.make}
        </Button>
      }
    >
      {found.isPending ? <Loading rows={3} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.data === undefined ? null : (
        <Stack spacing={3}>
          <Section title={accessWords.tokens} flush>
            <List tokens={found.data} onRevoke={(id) => open('revoke', id)} />
          </Section>
          <Sessions />
        </Stack>
      )}
      {dialog('new') === undefined ? null : <MakeToken onClose={close} />}
      {revoked === undefined ? null : <RevokeToken token={revoked} onClose={close} />}
    </Page>
  );
}

const tones: Readonly<Record<AccessToken['state'], Tone>> = {
  active: 'success',
  expired: 'warning',
  revoked: 'neutral',
};
const order: Readonly<Record<AccessToken['state'], number>> = { active: 0, expired: 1, revoked: 2 };

function List({
  tokens,
  onRevoke,
}: {
  readonly tokens: readonly AccessToken[];
  onRevoke(id: string): void;
}): ReactNode {
  const { columns, states, never } = accessWords;
  const sorted = tokens.toSorted((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
  return (
    <Listing
      name={accessWords.list}
      columns={[columns.name, columns.role, columns.made, columns.expires, columns.state]}
      actions={columns.actions}
    >
      {sorted.map(({ id, name, role, createdAt, expiresAt, state }) => (
        <TableRow key={id}>
          <TableCell component="th" scope="row" sx={{ minWidth: 150, overflowWrap: 'anywhere', fontWeight: 600 }}>
            {name}
          </TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{roleWords[role]}</TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>
            <When at={createdAt} as="day" />
          </TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>
            {expiresAt === undefined ? never : <When at={expiresAt} as="day" />}
          </TableCell>
          <TableCell>
            <ToneChip tone={tones[state]} label={states[state]} />
          </TableCell>
          <TableCell align="right">
            {state === 'revoked' ? null : (
              <Button
                size="small"
                color="error"
                sx={{ color: 'error.main' }}
                aria-label={accessWords.revokeOne(name)}
                onClick={() => onRevoke(id)}
              >
                {accessWords.revoke}
              </Button>
            )}
          </TableCell>
        </TableRow>
      ))}
    </Listing>
  );
}
