/** What the kit lets happen to a request on its way to the vendor or back. */
export type VendorFault =
  /** An answer that the kit makes up. `taken`: the vendor gets the request nevertheless. `echo`: the body repeats what was sent. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly taken?: boolean;
      readonly echo?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The vendor gets the request; the answer is a page of HTML with status 200. */
  | { readonly kind: 'html' }
  /** The vendor gets the request; the answer ends in the middle. */
  | { readonly kind: 'truncated' }
  /** The vendor gets the request; the answer has status 200 and no body. */
  | { readonly kind: 'empty' }
  /** The vendor gets the request; the answer goes on and on. */
  | { readonly kind: 'endless' }
  /** The vendor gets the request; the connection breaks before the answer. */
  | { readonly kind: 'lost' }
  /** The connection breaks before the vendor gets anything. */
  | { readonly kind: 'reset' }
  /** The connection breaks, and the request is still under way: the vendor gets it when the gate delivers it. */
  | { readonly kind: 'late' }
  /** The vendor gets nothing and nobody ever answers. */
  | { readonly kind: 'silent' }
  /** The vendor gets nothing; an answer begins, and goes on by a byte now and then without ever coming to its end. */
  | { readonly kind: 'dripping' };

/** Which requests meet a fault: all after so many that are let through, or only those that change something at the vendor. */
export type Meeting = number | 'change';

/** Answers by which a vendor refuses, and the kinds of fault that say so. */
export const refusals: readonly { readonly status: number; readonly kinds: readonly string[] }[] = [
  { status: 401, kinds: ['auth', 'permission'] },
  { status: 403, kinds: ['permission', 'auth', 'quota'] },
  { status: 422, kinds: ['input', 'config', 'vendor'] },
  { status: 413, kinds: ['input', 'vendor'] },
  { status: 429, kinds: ['rate-limited', 'quota'] },
];

/** Everything that can go wrong with one request, without waiting for a time-out. */
export const everyday: readonly VendorFault[] = [
  ...[400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503].map((status) => ({ kind: 'status', status }) as const),
  { kind: 'status', status: 502, taken: true },
  { kind: 'html' },
  { kind: 'truncated' },
  { kind: 'empty' },
  { kind: 'lost' },
  { kind: 'reset' },
];

/** A fault in a few words, for messages. */
export function faultName(fault: VendorFault): string {
  return fault.kind === 'status' ? `HTTP ${fault.status}${fault.taken === true ? ' after taking it' : ''}` : fault.kind;
}

/** Requests of one call that are each tried as the first to fail. */
const MOST_REQUESTS = 8;

/** How many requests of a call go well before one fails: each number that is tried, of a call that makes so many. */
export function positions(requests: number): readonly number[] {
  return Array.from({ length: Math.min(Math.max(1, requests), MOST_REQUESTS) }, (_, index) => index);
}

/**
 * What fails half-way is as incomplete as what never began: some faults, each with how many requests go well before.
 * @param requests that the call makes where nothing fails.
 */
export function halfway(requests: number): readonly (readonly [fault: VendorFault, after: number])[] {
  const faults: readonly VendorFault[] = [{ kind: 'status', status: 503 }, { kind: 'empty' }, { kind: 'lost' }];
  return positions(requests)
    .slice(1)
    .flatMap((after) => faults.map((fault) => [fault, after] as const));
}

/** A fault and the requests that meet it, in a few words, for messages. */
export function meetingName(fault: VendorFault, at: Meeting): string {
  if (at === 'change') return `${faultName(fault)}, at what changes something`;
  return at === 0 ? faultName(fault) : `${faultName(fault)}, from request ${at + 1} on`;
}
