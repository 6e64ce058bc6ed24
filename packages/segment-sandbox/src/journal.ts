import type { IncomingHttpHeaders } from 'node:http';
import type { Ending } from './fault-effects.js';

/** A request as it was recorded. */
export interface RecordedRequest {
  /** Milliseconds since 1970, in the sandbox's time. */
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Method and template of the route, such as `GET /sources/{id}/connected-destinations`. */
  readonly route: string;
  /** Without `authorization` and `cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  readonly ending: Ending;
}

/** Calls counted by route, then by HTTP status or `lost`, `reset`, `timeout`. */
export type CallCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What was asked of the sandbox. Counting is always on; requests are recorded up to a cap, the oldest go first. */
export class Journal {
  private readonly counts = new Map<string, Map<Ending, number>>();
  private readonly recorded: RecordedRequest[] = [];

  constructor(private readonly cap: number) {}

  /** Notes a call that ended. */
  note(request: Omit<RecordedRequest, 'headers'>, headers: IncomingHttpHeaders): void {
    const { route, ending } = request;
    const byEnding = this.counts.get(route) ?? new Map<Ending, number>();
    byEnding.set(ending, (byEnding.get(ending) ?? 0) + 1);
    this.counts.set(route, byEnding);
    if (this.cap === 0) return;
    this.recorded.push({ ...request, headers: withoutSecrets(headers) });
    if (this.recorded.length > this.cap) this.recorded.shift();
  }

  /** The counts up to now. */
  calls(): CallCounts {
    return Object.fromEntries([...this.counts].map(([route, endings]) => [route, Object.fromEntries(endings)]));
  }

  /** The recorded requests, oldest first. */
  requests(): readonly RecordedRequest[] {
    return this.recorded;
  }
}

function withoutSecrets(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'authorization' || name === 'cookie' || value === undefined) continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return kept;
}
