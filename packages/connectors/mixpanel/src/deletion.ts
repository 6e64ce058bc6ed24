import type { OperationState, Subject } from 'connector-contract';
import { type Call, type Calls, type DeletionParts, id, object, oneOf, ShapeError } from 'connector-kit';
import type { manifest } from './manifest.generated.js';

type Mixpanel = Calls<typeof manifest>;

/** Mixpanel's words for how far a deletion is (https://docs.mixpanel.com/reference/gdpr-api). It can be cancelled until it has started. */
const states = {
  PENDING: 'accepted',
  STAGING: 'accepted',
  STARTED: 'processing',
  SUCCESS: 'completed',
  FAILURE: 'failed',
  REVOKED: 'cancelled',
  NOT_FOUND: 'expired',
} as const satisfies Readonly<Record<string, OperationState>>;

/** A call about a deletion of the project; about a new one without its id. */
function about(
  { config }: Mixpanel,
  ...reference: readonly string[]
): Pick<Call<'gdpr-api'>, 'path' | 'query' | 'limit'> {
  return { path: reference, query: [['token', config.projectToken]], limit: 'gdpr-api' };
}

/** Mixpanel's word for how far a deletion is, one of those it documents. @throws VendorFault */
export async function stateOf(reference: string, vendor: Mixpanel): Promise<keyof typeof states> {
  const word = await vendor.ask(about(vendor, reference), ({ json }) => {
    const { status } = object(object(json(), 'the answer')['results'], 'the deletion');
    if (status === 'UNKNOWN' || isState(status)) return status;
    throw new ShapeError('it gives a state that Mixpanel does not document');
  });
  if (word !== 'UNKNOWN') return word;
  throw vendor.fault('VENDOR_ERROR', 'Mixpanel met an error of its own as it looked for the deletion.');
}

function isState(word: unknown): word is keyof typeof states {
  return typeof word === 'string' && Object.hasOwn(states, word);
}

function bodyFor(subjects: readonly Subject[], complianceType: string): object {
  const values = subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
  return { distinct_ids: [...new Set(values)], compliance_type: complianceType };
}

/** How people are deleted: a job for many, asked about by its id. */
export const deletion: DeletionParts<typeof manifest> = {
  body: (subjects) => bodyFor(subjects, 'GDPR'),
  submit: ({ subjects }, vendor) =>
    vendor.ask(
      { ...about(vendor), method: 'POST', body: bodyFor(subjects, vendor.config.complianceType) },
      ({ json }) => {
        const { results } = object(json(), 'the answer');
        const job = object(Array.isArray(results) ? results[0] : results, 'the deletion');
        return { reference: id(oneOf(job, 'tracking_id', 'task_id'), 'its id') };
      },
    ),
  // Mixpanel has no list of deletions to look in; to ask for one twice does no harm.
  reconcile: async () => ({ found: 'absent' }),
  async status(reference, vendor) {
    const vendorState = await stateOf(reference, vendor);
    const state = states[vendorState];
    const exceptions = state === 'failed' ? [{ system: 'Mixpanel', reason: 'Mixpanel says that it failed.' }] : [];
    return { state, vendorState, destinations: [], exceptions };
  },
  cancel: (reference, vendor) =>
    vendor.ask({ ...about(vendor, reference), method: 'DELETE', kind: 'cancel' }, ({ status }) => {
      // A page of something on the way is a success as well, and cancels nothing.
      if (status !== 204) throw new ShapeError('it is not the one that a deletion is cancelled with');
    }),
};
