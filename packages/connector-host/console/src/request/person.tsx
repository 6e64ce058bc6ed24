import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Connector, RequestDetail } from '../api/model.js';
import { useSession } from '../api/session.js';
import { Facts, Section } from '../look/page.js';
import { mono } from '../look/theme.js';
import { rightWords } from '../words/common.js';
import { errorWords, requestWords } from '../words/request.js';
import { Held } from './held.js';

/** Whom a request is about, and what they ask for. */
export function Person(props: {
  readonly request: RequestDetail;
  readonly path: string;
  readonly connectors: readonly Connector[];
}): ReactNode {
  const { request, path, connectors } = props;
  const { identifiers, right, corrects, closed } = request;
  const { may } = useSession();
  const note = identifiers.length === 0 ? requestWords.purged : may('requests:identify') ? '' : requestWords.masked;
  return (
    <Section title={requestWords.person}>
      <Facts
        items={[
          ...identifiers.map(
            ({ kind, value }, at) =>
              [
                `${labelOf(connectors, kind)}${identifiers.slice(0, at).some((one) => one.kind === kind) ? ` ${at + 1}` : ''}`,
                <Box component="span" key={value} sx={{ fontFamily: mono, fontSize: '0.8125rem' }}>
                  {value}
                </Box>,
              ] as const,
          ),
          [requestWords.right, rightWords[right]],
          ...(corrects === undefined ? [] : ([[errorWords.corrects, <Other key="o" id={corrects} />]] as const)),
          ...(closed?.correctedBy === undefined
            ? []
            : ([[errorWords.correctedBy, <Other key="b" id={closed.correctedBy} />]] as const)),
        ]}
      />
      {note === '' ? null : (
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 1 }}>
          {note}
        </Typography>
      )}
      <Held request={request} path={path} />
    </Section>
  );
}

function Other({ id }: { readonly id: string }): ReactNode {
  return (
    <Link component={RouterLink} to={`/requests/${encodeURIComponent(id)}`} state={{ arrived: true }}>
      {id}
    </Link>
  );
}

function labelOf(connectors: readonly Connector[], kind: string): string {
  return (
    connectors.flatMap(({ manifest }) => manifest?.identities.kinds ?? []).find((one) => one.kind === kind)?.label ??
    kind
  );
}
