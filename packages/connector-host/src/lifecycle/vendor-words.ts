/** What a vendor says about an operation, before any of it is kept: nobody who is in the operation may stand in it. */
import type { ConnectorManifest, FaultData, OperationStatus } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { namesSomebody, redactFault, redactor, redactStatus } from '../plugins/redact.js';
import { openIdentifiers } from '../requests/identifiers.js';
import { partWords, sealWords } from '../requests/vendor-words.js';
import { operationMembers, requests, tasks } from '../store/schema.js';
import type { OperationRow } from './members.js';
import type { LifecycleParts } from './parts.js';

/** Everything that the people of an operation are known by, and whether some of it is purged already. */
async function namesIn(
  { db, people }: Pick<LifecycleParts, 'db' | 'people'>,
  { id }: Pick<OperationRow, 'id'>,
): Promise<{ readonly values: readonly string[]; readonly purged: boolean }> {
  const found = await db.orm
    .select({ requestId: requests.requestId, sealed: requests.identifiers })
    .from(operationMembers)
    .innerJoin(tasks, eq(tasks.id, operationMembers.task))
    .innerJoin(requests, eq(requests.id, tasks.request))
    .where(eq(operationMembers.operation, id));
  const keys = await people();
  await keys.prepare(found.map(({ sealed }) => sealed));
  const values = found.flatMap(({ requestId, sealed }) =>
    sealed === null ? [] : openIdentifiers(keys, requestId, sealed).map(({ value }) => value),
  );
  return { values, purged: found.some(({ sealed }) => sealed === null) };
}

/** What of a status is kept in clear, and the vendor's free words, sealed; `null` where there are none, or where somebody is purged. */
export async function keptStatus(
  parts: LifecycleParts,
  row: OperationRow,
  status: OperationStatus,
  manifest: ConnectorManifest,
): Promise<{ readonly kept: OperationStatus; readonly words: Buffer | null }> {
  const known = manifest.deletion?.vendorStates;
  const { vendorState, destinations, exceptions, subjects = [] } = status;
  const isKnown = vendorState === '' || known?.includes(vendorState) === true;
  const says = [...destinations, ...exceptions, ...subjects.flatMap(({ fault }) => fault ?? [])];
  if (isKnown && says.length === 0) return { kept: status, words: null };
  const { values, purged } = await namesIn(parts, row);
  const { plain, words } = partWords(redactStatus(status, redactor([], values)), known);
  return {
    kept: plain,
    words: words === undefined || purged ? null : sealWords(await parts.people(), row.id, words),
  };
}

/**
 * Whether a text that is kept in clear, such as a reference, has somebody of the operation in it, however written.
 * @param names what everybody in it is known by, where that was read already.
 */
export async function namesPeople(
  parts: LifecycleParts,
  row: OperationRow,
  text: string,
  names?: readonly string[],
): Promise<boolean> {
  return namesSomebody(text, names ?? (await namesIn(parts, row)).values);
}

/** A fault of a call about an operation, without those who are in it. */
export async function keptFault(parts: LifecycleParts, row: OperationRow, fault: FaultData): Promise<FaultData> {
  return redactFault(fault, redactor([], (await namesIn(parts, row)).values));
}
