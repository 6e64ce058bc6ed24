/** One system has one name, on the map and in what a vendor says of a deletion: that of the inventory. */
import type { DestinationResult, OperationStatus } from 'connector-contract';
import { sql } from 'drizzle-orm';
import { given } from '../../given.js';
import type { ListedException, ListedResult } from '../../reading/operation-view.js';
import { leavingKinds } from '../../requests/leftover-codes.js';
import type { Queryable } from '../../store/database.js';
import { systems } from '../../store/schema.js';

/** A system of the inventory, with what a vendor may call it. */
export interface Listed {
  readonly key: string;
  readonly name: string;
  readonly vendorId: string | null;
  /** Name and slug of who makes it. */
  readonly makers: readonly string[];
}

/** A status whose systems are called as the inventory calls them, with their keys, as far as they are there. */
export interface ListedStatus extends OperationStatus {
  readonly destinations: readonly ListedResult[];
  readonly exceptions: readonly ListedException[];
}

/** What a vendor means by an id and a name; `undefined` where nothing in the inventory is meant, or it may be one of several. Pure. */
export function systemMeant(
  { id, name }: Pick<DestinationResult, 'id' | 'name'>,
  listed: readonly Listed[],
): Listed | undefined {
  const same = id === undefined ? undefined : listed.find(({ vendorId }) => vendorId === id);
  if (same !== undefined) return same;
  const wanted = name.toLowerCase();
  // Of a system whose id is known it is known that another is meant.
  const able = id === undefined ? listed : listed.filter(({ vendorId }) => vendorId === null);
  const own = able.filter((one) => one.name.toLowerCase() === wanted);
  const called = own.length > 0 ? own : able.filter(({ makers }) => makers.some((one) => one.toLowerCase() === wanted));
  return called.length === 1 ? called[0] : undefined;
}

/** Calls the systems of a status as the inventory of the connection does. */
export async function asListed(db: Queryable, connection: string, status: OperationStatus): Promise<ListedStatus> {
  const { destinations, exceptions } = status;
  if (destinations.length + exceptions.length === 0) return status;
  const { rows } = await db.execute<Listed & Record<string, unknown>>(sql`
    select key, system ->> 'name' as name, system ->> 'vendorId' as "vendorId",
      array[system -> 'vendor' ->> 'name', system -> 'vendor' ->> 'slug'] as makers
    from ${systems} where connection = ${connection} and state = 'active' and system -> 'unlisted' is null
      and system ->> 'kind' = any(${`{${leavingKinds.join(',')}}`}::text[]) order by key`);
  const meant = (id: string | undefined, name: string) => systemMeant({ name, ...given({ id }) }, rows);
  return {
    ...status,
    destinations: destinations.map((one): ListedResult => {
      const { key, name = one.name } = meant(one.id, one.name) ?? {};
      return key === undefined ? one : { ...one, name, key };
    }),
    exceptions: exceptions.map((one): ListedException => {
      const { id, ...rest } = one;
      const { key, name = one.system } = meant(id, one.system) ?? {};
      return key === undefined ? one : { ...rest, system: name, key };
    }),
  };
}
