import LockIcon from '@mui/icons-material/LockOutlined';
import NotificationsIcon from '@mui/icons-material/NotificationsOutlined';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host } from '../api/client.js';
import type { MadeNotice, NoticeList } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useDialogAddress } from '../look/dialog-address.js';
import { Page, Section } from '../look/page.js';
import { ShownOnce } from '../look/shown-once.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { noticeWords } from '../words/notices.js';
import { AddNotice } from './add-notice.js';
import { ChangeNotice } from './change-notice.js';
import { Deliveries } from './deliveries.js';
import { receiver } from './receiver.js';
import { Rules } from './rules.js';
import { RemoveNotice, ReplaceSecret } from './small-dialogs.js';

const dialogs = ['new', 'change', 'secret', 'remove'] as const;

/** Who is told what, and what was sent, for those who may say so. */
export function NoticesPage(): ReactNode {
  const { may } = useSession();
  if (may('notices:manage')) return <Managed />;
  return (
    <Empty alone icon={LockIcon} title={noticeWords.forbidden}>
      {noticeWords.forbiddenBody}
    </Empty>
  );
}

function Managed(): ReactNode {
  const { dialog, open, close } = useDialogAddress(dialogs);
  // Here and nowhere else: not in a cache that outlives the dialog.
  const [made, setMade] = useState<{ readonly to: string; readonly secret: string }>();
  const found = useQuery({
    queryKey: ['notices'],
    queryFn: ({ signal }) => host.get<NoticeList>('/notices', signal),
  });
  const about = (name: (typeof dialogs)[number]) => found.data?.items.find(({ id }) => id === dialog(name));
  const [changed, replaced, removed] = [about('change'), about('secret'), about('remove')];
  const added = ({ notice, secret }: MadeNotice) => {
    if (secret !== undefined) setMade({ to: receiver(notice), secret });
  };
  const add = (
    <Button variant="contained" onClick={() => open('new')}>
      {noticeWords.add}
    </Button>
  );
  return (
    <Page title={noticeWords.title} lead={noticeWords.lead} actions={add}>
      {found.isPending ? <Loading rows={3} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.data === undefined ? null : (
        <Stack spacing={3}>
          {found.data.mail ? null : (
            <Alert severity="info" variant="outlined">
              {noticeWords.noMail}
            </Alert>
          )}
          <Section title={noticeWords.rules} flush>
            {found.data.items.length === 0 ? (
              <Empty icon={NotificationsIcon} title={noticeWords.none}>
                {noticeWords.noneBody}
              </Empty>
            ) : (
              <Rules list={found.data} onOpen={open} />
            )}
          </Section>
          <Deliveries kinds={found.data.kinds} />
        </Stack>
      )}
      {dialog('new') === undefined || found.data === undefined ? null : (
        <AddNotice list={found.data} onMade={added} onClose={close} />
      )}
      {changed === undefined || found.data === undefined ? null : (
        <ChangeNotice notice={changed} list={found.data} onClose={close} />
      )}
      {replaced === undefined ? null : (
        <ReplaceSecret
          notice={replaced}
          onMade={(secret) => setMade({ to: receiver(replaced), secret })}
          onClose={close}
        />
      )}
      {removed === undefined ? null : <RemoveNotice notice={removed} onClose={close} />}
      {made === undefined ? null : (
        <ShownOnce
          title={noticeWords.secretMade(made.to)}
          body={noticeWords.secretMadeBody}
          label={noticeWords.secretLabel}
          secret={made.secret}
          onClose={() => setMade(undefined)}
        />
      )}
    </Page>
  );
}
