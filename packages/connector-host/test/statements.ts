/** Counts what the host of this process sends to its database, by the statement. */
import pg from 'pg';

/** What is sent as often as time goes by, whether or not there is anything to do; and what a look at the vendor waits for. */
const beside = [
  /^select 1$/i,
  /clock_timestamp|set_config|pg_listening_channels|LISTEN/,
  // The event feed's own looks.
  /pg_locks|events_id_seq/,
  // The job engine's housekeeping: what is left are jobs that are sent, fetched and settled.
  /^(?!.*(WITH next AS|WITH input AS|INSERT INTO connector_host_jobs\.job)).*connector_host_jobs/,
  /insert into "connector_host"."paces"(?!.*exists)/,
];

/** A look for jobs: it counts where it found some. */
const fetches = /^WITH next AS/;

/** What differs between two of one statement: their values, and how many rows of them there are. */
function shape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\$\d+/g, '?')
    .replace(/(\((?:\?|default)(?:, (?:\?|default))*\))(?:, \((?:\?|default)(?:, (?:\?|default))*\))+/g, '$1, ...')
    .trim();
}

type Sent = { readonly text?: string } | string | undefined;

/** The statements of this process while it counts, but for those of a session that a test names. */
export class Statements {
  readonly counts = new Map<string, number>();
  private readonly query = pg.Client.prototype.query;

  /** Begins to count. @param except a session of the test's own. */
  constructor(except: pg.Client) {
    const { query, counts } = this;
    const count = (text: string, found: unknown) => {
      const { rows = [] } = (found ?? {}) as { rows?: readonly unknown[] };
      const key = shape(text);
      if (beside.some((one) => one.test(key)) || (fetches.test(key) && rows.length === 0)) return;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    };
    pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
      const send = query as unknown as (this: pg.Client, ...args: unknown[]) => unknown;
      if (this === except) return send.apply(this, args);
      const first = args[0] as Sent;
      const text = typeof first === 'string' ? first : (first?.text ?? '');
      const done = args.at(-1);
      if (typeof done === 'function') {
        args[args.length - 1] = (error: unknown, found: unknown) => {
          count(text, found);
          done(error, found);
        };
        return send.apply(this, args);
      }
      const answer = send.apply(this, args);
      if (answer instanceof Promise)
        answer.then(
          (found) => count(text, found),
          () => count(text, undefined),
        );
      return answer;
    } as typeof query;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, n) => sum + n, 0);
  }

  /** The statements, the most frequent first, for people. */
  toString(): string {
    const sorted = [...this.counts].sort(([, a], [, b]) => b - a);
    return sorted.map(([text, n]) => `${String(n).padStart(6)}  ${text.slice(0, 240)}`).join('\n');
  }

  stop(): void {
    pg.Client.prototype.query = this.query;
  }
}
