import type { ConnectorConfig, Subject } from 'connector-contract';
import { type Packing, packingOf } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import { RegulationType } from '../segment/segment.js';

// Planning does not know which generation will be spoken, so the longer of the two bodies counts, with the longest type.
const longestType = Object.values(RegulationType).reduce((a, b) => (b.length > a.length ? b : a));
const envelopes = [
  { regulationType: longestType, subjectType: 'USER_ID', subjectIds: [] },
  { regulation_type: longestType, attributes: { name: 'userId', values: [] } },
];
const ENVELOPE_BYTES = Math.max(...envelopes.map((body) => JSON.stringify(body).length));

/** Bytes of a regulation: its envelope, and each distinct value with its comma. */
function bytesOf(subjects: readonly Subject[]): number {
  const seen = subjects.length === 1 && subjects[0]?.identifiers.length === 1 ? undefined : new Set<string>();
  let bytes = ENVELOPE_BYTES;
  let count = 0;
  for (const { identifiers } of subjects) {
    for (const { value } of identifiers) {
      if (seen?.has(value)) continue;
      seen?.add(value);
      bytes += Buffer.byteLength(JSON.stringify(value));
      count += 1;
    }
  }
  return bytes + Math.max(0, count - 1);
}

/**
 * How people are packed: within the manifest's `deletion.batch` (5,000 user ids and 4 MB, https://segment.com/docs/privacy/faq/; the
 * MB is read as a million bytes, the smaller of its two meanings), with the kinds of identifier that the connection sends.
 */
export function packingFor(config: ConnectorConfig): Packing {
  const packing = packingOf(ownManifest(), (subjects) => subjects);
  const chosen = String(config['identifierKinds']);
  return { ...packing, kinds: packing.kinds.has(chosen) ? new Set([chosen]) : packing.kinds, bytesOf };
}
