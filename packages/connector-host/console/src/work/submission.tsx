import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { host } from '../api/client.js';
import type { Operation } from '../api/model.js';
import { Settle } from '../request/settle.js';

/** The batch of which nobody knows whether the vendor has it; who may decides here. */
export function Submission({ id }: { readonly id: number }): ReactNode {
  const { data } = useQuery({
    queryKey: ['work', 'operation', id],
    queryFn: ({ signal }) => host.get<Operation>(`/operations/${id}`, signal),
  });
  return data?.state === 'undecided' ? <Settle operation={data} /> : null;
}
