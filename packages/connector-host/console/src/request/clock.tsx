import Button from '@mui/material/Button';
import { type ReactNode, useState } from 'react';
import type { RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { TimingChip } from '../look/chips.js';
import { DueDay } from '../look/due-day.js';
import { Facts, Section } from '../look/page.js';
import { When } from '../look/when.js';
import { clockWords } from '../words/request.js';
import { ExtendDialog } from './extend-dialog.js';

/** The legal clock of a request: it runs until the request is settled, whatever a vendor estimates. */
export function Clock({ request, path }: { readonly request: RequestDetail; readonly path: string }): ReactNode {
  const { receivedAt, acceptedAt, jurisdiction, days, dueAt, extension, timing, settledAt, concludedAt } = request;
  const { may } = useSession();
  const [extending, setExtending] = useState(false);
  const open = settledAt === undefined;
  // Once it has passed, the host extends it no more.
  const mayExtend = open && extension === undefined && timing !== 'late' && may('requests:extend');
  return (
    <Section
      title={clockWords.title}
      action={open ? <TimingChip timing={timing} /> : undefined}
      lead={open ? undefined : clockWords.settled[timing === 'late' ? 'late' : 'inTime']}
    >
      <Facts
        items={[
          [clockWords.due, <Due key="d" at={dueAt} open={open} />],
          [clockWords.law, clockWords.laws[jurisdiction](days)],
          [clockWords.received, <When key="r" at={receivedAt} />],
          ...(acceptedAt === receivedAt ? [] : ([[clockWords.accepted, <When key="a" at={acceptedAt} />]] as const)),
          ...(extension === undefined
            ? []
            : ([
                [clockWords.dueBefore, <DueDay key="b" at={extension.from} />],
                [clockWords.extendedFor, extension.reason],
              ] as const)),
          ...(concludedAt === undefined ? [] : ([[clockWords.concluded, <When key="c" at={concludedAt} />]] as const)),
          ...(settledAt === undefined ? [] : ([[clockWords.settledOn, <When key="s" at={settledAt} />]] as const)),
        ]}
      />
      {mayExtend ? (
        <Button variant="outlined" size="small" sx={{ mt: 1.5 }} onClick={() => setExtending(true)}>
          {clockWords.extendOpen}
        </Button>
      ) : null}
      {extending ? <ExtendDialog path={path} request={request} onClose={() => setExtending(false)} /> : null}
    </Section>
  );
}

function Due({ at, open }: { readonly at: string; readonly open: boolean }): ReactNode {
  return (
    <>
      <strong>
        <DueDay at={at} />
      </strong>
      {open ? (
        <>
          {' '}
          (<When at={at} as="relative" />)
        </>
      ) : null}
    </>
  );
}
