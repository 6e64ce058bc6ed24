import { enumWord, id, isObject, type JsonObject, object, oneOf, optionalText, present, text } from './reading.js';
import type { DestinationStatus, RegulationRecord } from './segment.js';

function destination(value: unknown): DestinationStatus {
  const entry = object(value, 'a destination of the regulation');
  const own = oneOf(entry, 'id');
  return present({
    id: own === undefined || own === '' ? undefined : id(own, "a destination's id"),
    name: text(oneOf(entry, 'name', 'id'), "a destination's name"),
    status: enumWord(text(oneOf(entry, 'status'), "a destination's status")),
    error: optionalText(oneOf(entry, 'errString', 'err_string', 'error')),
    finishedAt: optionalText(oneOf(entry, 'finishedAt', 'finished_at')),
  });
}

function listIn(from: JsonObject, ...keys: readonly string[]): readonly unknown[] {
  const value = oneOf(from, ...keys);
  return Array.isArray(value) ? value : [];
}

/**
 * A regulation as either generation tells it, in snake_case or camelCase, statuses in any casing. A regulation that has just
 * been made has no streams yet.
 * @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` where id or status are missing.
 */
export function regulationRecord(value: unknown): RegulationRecord {
  const found = object(value, 'the regulation');
  const streams = listIn(found, 'streamStatus', 'stream_status').filter(isObject);
  return present({
    id: id(oneOf(found, 'id', 'regulateId', 'regulate_id'), "the regulation's id"),
    overallStatus: enumWord(
      text(oneOf(found, 'overallStatus', 'overall_status', 'status'), "the regulation's overall status"),
    ),
    createdAt: optionalText(oneOf(found, 'createdAt', 'created_at', 'createTime', 'create_time')),
    finishedAt: optionalText(oneOf(found, 'finishedAt', 'finished_at', 'finishTime', 'finish_time')),
    destinations: streams.flatMap((stream) =>
      listIn(stream, 'destinationStatus', 'destination_status').map(destination),
    ),
  });
}
