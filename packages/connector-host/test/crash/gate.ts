/**
 * Stops a host at a statement of its own, without a word in its code: a trigger in the test's database waits for an advisory lock that
 * the test holds. The statement then neither happens nor fails until the gate is opened, and a process killed meanwhile dies just there.
 */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const LOCK = 4_711;

/** The statement that the gate stands in front of. */
export interface GatePlace {
  /** Such as `before update on connector_host.operations for each row when (new.state = 'submitting')`. */
  readonly trigger: string;
  /** SQL condition, looked at in the trigger; absent for always. */
  readonly where?: string;
}

/** A closed gate. */
export class Gate {
  private constructor(
    private readonly keeper: pg.Client,
    private readonly table: string,
  ) {}

  static async close(url: string, { trigger, where = 'true' }: GatePlace): Promise<Gate> {
    const keeper = new pg.Client({ connectionString: url });
    await keeper.connect();
    await keeper.query('select pg_advisory_lock($1)', [LOCK]);
    await keeper.query(`
      create function public.gate() returns trigger language plpgsql as $$
      begin
        if ${where} then
          perform pg_advisory_lock(${LOCK});
          perform pg_advisory_unlock(${LOCK});
        end if;
        if tg_op = 'DELETE' then return old; end if;
        return new;
      end $$`);
    await keeper.query(`create trigger gate ${trigger} execute function public.gate()`);
    return new Gate(keeper, /on (\S+)/.exec(trigger)?.[1] ?? '');
  }

  /** Waits until a process stands before the gate. */
  async reached(): Promise<void> {
    for (;;) {
      const { rows } = await this.keeper.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'",
      );
      if (rows.length > 0) return;
      await pause(20);
    }
  }

  /** Lets go on whoever stands before it, and takes it away. */
  async open(): Promise<void> {
    await this.keeper.query('select pg_advisory_unlock($1)', [LOCK]);
    await this.keeper.query(`drop trigger gate on ${this.table}`);
    await this.keeper.end();
  }
}
