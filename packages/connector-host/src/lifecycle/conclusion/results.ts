/** What a vendor said that became of single people of an operation. */
import type { FaultData, SubjectOutcome, SubjectResult } from 'connector-contract';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../../store/database.js';
import { operationMembers } from '../../store/schema.js';
import type { NewEvent } from '../../timeline.js';
import { unexplained } from '../faults.js';
import type { OperationRow } from '../members.js';

/** How an operation ended at which the vendor said so at once. */
export function endOf(results: readonly SubjectResult[]): 'completed' | 'completed_with_exceptions' | 'failed' {
  const refused = results.filter(({ outcome }) => outcome === 'refused').length;
  if (refused > 0 && refused === results.length) return 'failed';
  const whole = results.every(({ outcome }) => outcome === 'erased' || outcome === 'no-match');
  return whole ? 'completed' : 'completed_with_exceptions';
}

/** How many people came to each end, for the timeline; nothing where there was none. */
export function tally(results: readonly SubjectResult[]): Readonly<Record<string, number | undefined>> {
  const many = (wanted: SubjectOutcome) => results.filter(({ outcome }) => outcome === wanted).length || undefined;
  return { erased: many('erased'), unknown: many('no-match'), partial: many('partial'), refused: many('refused') };
}

function faultOf({ outcome, fault }: SubjectResult): FaultData | null {
  if (outcome === 'partial') return fault ?? unexplained('ERASED_IN_PART');
  return outcome === 'refused' ? (fault ?? unexplained('PERSON_REFUSED')) : null;
}

/** Writes down what became of people of an operation, over what was known before. Who is not in it is passed over. */
export async function keepResults(
  tx: Queryable,
  { id }: Pick<OperationRow, 'id'>,
  results: readonly SubjectResult[],
): Promise<void> {
  if (results.length === 0) return;
  const rows = results.map((result) => ({ task: result.id, outcome: result.outcome, fault: faultOf(result) }));
  // Compared as text: what a connector gives as an id may be no number.
  await tx.execute(sql`
    update ${operationMembers} as m set outcome = r.outcome, fault = nullif(r.fault, 'null'::jsonb)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (task text, outcome text, fault jsonb)
    where m.operation = ${id} and m.task::text = r.task`);
}

/** Whether the vendor spoke of single people of an operation, as a condition. */
export function speaksOfPeople({ id }: Pick<OperationRow, 'id'>): SQL {
  return sql`exists (select from ${operationMembers} where operation = ${id} and outcome is not null)`;
}

/** What tells of those whom the vendor refused. */
export async function refusals(tx: Queryable, { id }: Pick<OperationRow, 'id'>, at: Date): Promise<NewEvent[]> {
  const refused = await tx
    .select({ task: operationMembers.task, fault: operationMembers.fault })
    .from(operationMembers)
    .where(and(eq(operationMembers.operation, id), eq(operationMembers.outcome, 'refused')));
  return refused.map(({ task, fault }) => {
    const { code, message } = fault as FaultData;
    return { at, kind: 'task.error', task, data: { code, message } };
  });
}
