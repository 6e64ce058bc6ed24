import { isJson, type Json, object, oneOf, optionalId, optionalText, present, text } from 'connector-kit';
import { enumWord } from './reading.js';
import { type DestinationStatus, type ListedRegulation, type RegulationRecord, RegulationType } from './segment.js';

/** Only what is understood is taken, and what is missing is said to be: one odd entry must not hide how the rest stands. */
function destination(entry: Json): DestinationStatus {
  const own = optionalId(oneOf(entry, 'id'));
  return present({
    id: own,
    name: optionalText(oneOf(entry, 'name')) ?? own ?? 'a destination that Segment does not name',
    status: enumWord(optionalText(oneOf(entry, 'status')) ?? 'not given'),
    error: optionalText(oneOf(entry, 'errString', 'err_string', 'error')),
    finishedAt: optionalText(oneOf(entry, 'finishedAt', 'finished_at')),
  });
}

function listIn(from: Json, ...keys: readonly string[]): readonly Json[] {
  const value = oneOf(from, ...keys);
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/**
 * A regulation as either generation tells it, in snake_case or camelCase, statuses in any casing. A regulation that has just
 * been made has no streams yet.
 * @throws ShapeError where the overall status is missing.
 */
export function regulationRecord(value: unknown): RegulationRecord {
  const found = object(value, 'the regulation');
  return present({
    overallStatus: enumWord(
      text(oneOf(found, 'overallStatus', 'overall_status', 'status'), "the regulation's overall status"),
    ),
    createdAt: optionalText(oneOf(found, 'createdAt', 'created_at', 'createTime', 'create_time')),
    finishedAt: optionalText(oneOf(found, 'finishedAt', 'finished_at', 'finishTime', 'finish_time')),
    destinations: listIn(found, 'streamStatus', 'stream_status').flatMap((stream) =>
      listIn(stream, 'destinationStatus', 'destination_status').map(destination),
    ),
  });
}

const deletes: ReadonlySet<string> = new Set(Object.values(RegulationType));

/** Of listed regulations those that delete. Only those of these types keep their type: a connection may have been set to another when it sent one. */
export function ofTypes(
  listed: readonly ListedRegulation[],
  types: readonly (string | undefined)[],
): readonly ListedRegulation[] {
  return listed.flatMap(({ type, ...one }) => {
    if (type === undefined || (deletes.has(type) && !types.includes(type))) return [one];
    return types.includes(type) ? [{ ...one, type }] : [];
  });
}
