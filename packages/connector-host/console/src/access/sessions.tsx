import Button from '@mui/material/Button';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { SessionList } from '../api/model.js';
import { Listing } from '../look/listing.js';
import { useNotify } from '../look/notify.js';
import { Section } from '../look/page.js';
import { Failure, Loading } from '../look/states.js';
import { When } from '../look/when.js';
import { sessionWords } from '../words/access.js';

/** Who is signed in, and the end of each. */
export function Sessions(): ReactNode {
  const notify = useNotify();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => host.get<SessionList>('/sessions', signal),
  });
  const end = useMutation({
    mutationFn: (id: string) => host.delete(`/sessions/${id}`),
    onSuccess: async () => {
      notify(sessionWords.ended);
      await client.invalidateQueries({ queryKey: ['sessions'] });
    },
    onError: (error) => notify(error.message, 'error'),
  });
  const { columns } = sessionWords;
  return (
    <Section title={sessionWords.title} flush>
      {found.isPending ? <Loading rows={1} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.data === undefined ? null : (
        <Listing
          name={sessionWords.list}
          columns={[columns.name, columns.address, columns.began, columns.active, columns.end]}
        >
          {found.data.items.map(({ id, name, address, createdAt, lastActiveAt, current }) => (
            <TableRow key={id}>
              <TableCell component="th" scope="row" sx={{ minWidth: 150, overflowWrap: 'anywhere', fontWeight: 600 }}>
                {name}
              </TableCell>
              <TableCell>{address}</TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <When at={createdAt} />
              </TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <When at={lastActiveAt} />
              </TableCell>
              <TableCell>
                {current ? (
                  sessionWords.own
                ) : (
                  <Button size="small" color="error" sx={{ color: 'error.main' }} onClick={() => end.mutate(id)}>
                    {sessionWords.end}
                  </Button>
                )}
              </TableCell>
            </TableRow>
          ))}
        </Listing>
      )}
    </Section>
  );
}
