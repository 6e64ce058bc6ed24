/**
 * What the calls that run may reach. A call is known by its ticket, which goes with everything that it does. A plugin may get hold of
 * one: it can neither read, change nor make one, and nothing here asks a built-in method that a plugin may have replaced.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Permit } from '../messages.js';
import { append, apply, freeze, hasOwn, setPrototypeOf } from './primordials.js';

/** Stands for one call; there is nothing to see in it. */
export type Ticket = object;

type Fits = (permit: Permit) => boolean;

/** The tickets of a process. Who has it may make some. */
export interface Tickets {
  /** A ticket for what may reach these places. */
  begin(permits: readonly Permit[]): Ticket;
  /** What still runs in its name has no name any more. */
  end(ticket: Ticket): void;
  /** Does something in the name of a call. */
  inNameOf<T>(ticket: Ticket, work: () => T): T;
  /**
   * The permit that fits, among those of the call that runs. A pool of connections does things in nobody's name, or in that of a call
   * that is over: then among those of all calls together.
   */
  permitNow(fits: Fits): Permit | undefined;
  /** The permit that fits, among those of all calls. */
  permitOfAny(fits: Fits): Permit | undefined;
  /** Notes a place that was refused to the call that runs. */
  noteRefused(to: string): void;
  /** The first place that was refused to a call. */
  refusedOf(ticket: Ticket): string | undefined;
}

const { getStore, run } = AsyncLocalStorage.prototype;

/** Makes the tickets of this process; others that a plugin makes are good for nothing. */
export function makeTickets(): Tickets {
  const storage = new AsyncLocalStorage<Ticket>();
  let first: Known | undefined;

  class Known {
    readonly #permits: readonly Permit[];
    #next = first;
    #over = false;
    #refused: string | undefined;

    constructor(permits: readonly Permit[]) {
      const own: Permit[] = [];
      for (let index = 0; index < permits.length; index += 1) append(own, copied(permits[index] as Permit));
      this.#permits = freeze(own);
      first = this;
      // Nobody gets from a ticket to what makes tickets.
      setPrototypeOf(this, null);
    }

    static is(value: unknown): value is Known {
      return typeof value === 'object' && value !== null && #over in value;
    }

    static end(ticket: Known): void {
      ticket.#over = true;
      if (first === ticket) first = ticket.#next;
      for (let before = first; before !== undefined; before = before.#next) {
        if (before.#next === ticket) before.#next = ticket.#next;
      }
    }

    static isOver(ticket: Known): boolean {
      return ticket.#over;
    }

    static next(ticket: Known): Known | undefined {
      return ticket.#next;
    }

    static refuse(ticket: Known, to: string): void {
      ticket.#refused ??= to;
    }

    static refused(ticket: Known): string | undefined {
      return ticket.#refused;
    }

    static find(ticket: Known, fits: Fits): Permit | undefined {
      for (let index = 0; index < ticket.#permits.length; index += 1) {
        const permit = ticket.#permits[index];
        if (permit !== undefined && fits(permit)) return permit;
      }
      return undefined;
    }
  }

  const current = (): Known | undefined => {
    const ticket: unknown = apply(getStore, storage, []);
    return Known.is(ticket) ? ticket : undefined;
  };
  const permitOfAny = (fits: Fits): Permit | undefined => {
    for (let ticket = first; ticket !== undefined; ticket = Known.next(ticket)) {
      const permit = Known.find(ticket, fits);
      if (permit !== undefined) return permit;
    }
    return undefined;
  };
  return freeze({
    begin: (permits) => new Known(permits),
    end: (ticket) => {
      if (Known.is(ticket)) Known.end(ticket);
    },
    inNameOf: <T>(ticket: Ticket, work: () => T) => apply(run, storage, [ticket, work]) as T,
    permitNow: (fits) => {
      const ticket = current();
      return ticket !== undefined && !Known.isOver(ticket) ? Known.find(ticket, fits) : permitOfAny(fits);
    },
    permitOfAny,
    noteRefused: (to) => {
      const ticket = current();
      if (ticket !== undefined) Known.refuse(ticket, to);
    },
    refusedOf: (ticket) => (Known.is(ticket) ? Known.refused(ticket) : undefined),
  } satisfies Tickets);
}

/** With every property of its own: what is missing would be looked for on `Object.prototype`. */
function copied(permit: Permit): Permit {
  const { host, port, secure, inside } = permit;
  const via = hasOwn(permit, 'via') ? permit.via : undefined;
  return freeze({ host, port, secure, inside, via } as Permit);
}
