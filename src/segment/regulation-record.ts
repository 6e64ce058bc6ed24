import { present } from '../present.js';
import { enumWord, isObject, type JsonObject, object, oneOf, optionalId, optionalText, text } from './reading.js';
import type { DestinationStatus, RegulationRecord } from './segment.js';

/** Only what is understood is taken, and what is missing is said to be: one odd entry must not hide how the rest stands. */
function destination(entry: JsonObject): DestinationStatus {
  const own = optionalId(oneOf(entry, 'id'));
  return present({
    id: own,
    name: optionalText(oneOf(entry, 'name')) ?? own ?? 'a destination that Segment does not name',
    status: enumWord(optionalText(oneOf(entry, 'status')) ?? 'not given'),
    error: optionalText(oneOf(entry, 'errString', 'err_string', 'error')),
    finishedAt: optionalText(oneOf(entry, 'finishedAt', 'finished_at')),
  });
}

function listIn(from: JsonObject, ...keys: readonly string[]): readonly JsonObject[] {
  const value = oneOf(from, ...keys);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/**
 * A regulation as either generation tells it, in snake_case or camelCase, statuses in any casing. A regulation that has just
 * been made has no streams yet.
 * @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` where the overall status is missing.
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
