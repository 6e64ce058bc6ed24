/** Carries out the host's calls on the parts of the plugin. */
import { ConnectorFault, type FaultData, faultData, isConnectorFault, type Operation } from 'connector-contract';
import type { ConnectorParts } from 'connector-contract/loading';
import { cloneable, NotPlainData } from '../../plain-copy.js';
import { type FromConnector, steadyNow, type Thrown, type ToConnector } from '../messages.js';
import { type PackedOperation, type PackedPeople, shortenPlan, unpackPeople } from '../people.js';
import { type CallContext, callContext } from './call-context.js';
import { notAllowed } from './egress.js';
import { Pages } from './pages.js';
import type { Ticket, Tickets } from './tickets.js';

type CallMessage = Extract<ToConnector, { kind: 'call' }>;

interface LiveCall {
  readonly ticket: Ticket;
  readonly context: CallContext | undefined;
  pages?: Pages;
  over: boolean;
}

/** Milliseconds after it was called off in which a call may still use the network, to end things well. */
const lastWordsMs = 2_000;

/** The calls of this process. */
export class ConfinedCalls {
  readonly #live = new Map<number, LiveCall>();
  /** Private in the language's own way: what makes tickets is not for the plugin. */
  readonly #tickets: Omit<Tickets, 'begin'>;

  constructor(
    private readonly parts: ConnectorParts,
    private readonly send: (message: FromConnector) => void,
    /** Closes, before each call begins, the connections to what no call may reach. */
    private readonly closeOthers: () => void,
    tickets: Omit<Tickets, 'begin'>,
  ) {
    this.#tickets = tickets;
  }

  /** Does what the host asks. */
  hear(message: Exclude<ToConnector, { kind: 'load' | 'ping' | 'stop' | 'call' }>): void {
    const live = this.#live.get(message.call);
    switch (message.kind) {
      case 'more':
        if (live?.pages !== undefined) void this.#page(message.call, live, live.pages);
        return;
      case 'enough':
        if (live?.pages !== undefined) this.#tickets.inNameOf(live.ticket, () => live.pages?.close());
        this.#end(message.call);
        return;
      case 'reply':
        live?.context?.reply(message.ask, message.now, message.fault, message.value);
        return;
      case 'abort':
        live?.context?.abort(message.fault);
        // What the plugin never answers is not kept.
        if (live !== undefined) setTimeout(() => this.#end(message.call), lastWordsMs).unref();
        return;
    }
  }

  /** Begins a call, in the name of this ticket. */
  begin(message: CallMessage, ticket: Ticket): void {
    const { call, method } = message;
    if (steadyNow() > message.beginBy) {
      const fault = ConnectorFault.of('ABORTED', `The connector's process was held up; ${method} was not begun.`);
      this.#tickets.end(ticket);
      this.send({ kind: 'fault', call, fault: faultData(fault) });
      return;
    }
    const context =
      message.context === undefined ? undefined : callContext(call, message.context, message.now, this.send);
    const live: LiveCall = { ticket, context, over: false };
    this.#live.set(call, live);
    this.closeOthers();
    this.#tickets.inNameOf(ticket, () => {
      if (method === 'detect') void this.#open(call, live);
      else void this.#carryOut(message, live);
    });
  }

  async #carryOut({ call, method, args }: CallMessage, live: LiveCall): Promise<void> {
    try {
      const made = await this.#invoke(method, args, live);
      // A plan is large, and the host reads the fields that it knows and nothing else: its way through JSON is copy enough.
      const answer = method === 'plan' ? shortenPlan(made, args[0] as PackedPeople) : cloneable(made);
      this.#answer(call, live, {
        kind: 'answer',
        call,
        value: tellRefused(answer, this.#tickets.refusedOf(live.ticket)),
      });
    } catch (error) {
      this.#fail(call, live, error);
    }
  }

  #invoke(method: CallMessage['method'], args: readonly unknown[], live: LiveCall): unknown {
    const { connector, deletion } = this.parts;
    const part = (method === 'validate' || method === 'check' ? connector : deletion) as
      | Record<string, ((...given: unknown[]) => unknown) | undefined>
      | undefined;
    const ctx = live.context?.ctx;
    const [first, ...others] = args;
    if (method === 'plan') return part?.[method]?.(unpackPeople(first as PackedPeople), ...others);
    if (method === 'submit') return part?.[method]?.(unpacked(first), ctx);
    if (method === 'reconcile') return part?.[method]?.(unpacked(first), others[0], ctx, others[1], others[2]);
    return part?.[method]?.(...args, ...(ctx === undefined ? [] : [ctx]));
  }

  async #open(call: number, live: LiveCall): Promise<void> {
    try {
      const { context } = live;
      const { systemDetection } = this.parts;
      if (context === undefined || systemDetection === undefined) throw new Error('There is nothing to detect with.');
      live.pages = new Pages(systemDetection.detect(context.ctx)[Symbol.asyncIterator]());
    } catch (error) {
      this.#fail(call, live, error);
    }
  }

  async #page(call: number, live: LiveCall, pages: Pages): Promise<void> {
    try {
      const page = await this.#tickets.inNameOf(live.ticket, () => pages.next());
      const items = page.items.map((item) => cloneable(item));
      if (page.done) this.#answer(call, live, { kind: 'systems', call, items, done: true });
      else if (this.#live.has(call)) this.send({ kind: 'systems', call, items, done: false });
    } catch (error) {
      this.#fail(call, live, error);
    }
  }

  #fail(call: number, live: LiveCall, error: unknown): void {
    try {
      this.#tell(call, live, error);
    } catch {
      // A getter or a trap of what was thrown threw in its turn.
      this.#answer(call, live, { kind: 'threw', call, error: { name: 'unknown', stack: '' } });
    }
  }

  #tell(call: number, live: LiveCall, error: unknown): void {
    const refused = this.#tickets.refusedOf(live.ticket);
    if (refused !== undefined) {
      // Whatever the plugin made of it, this is why.
      this.#answer(call, live, { kind: 'fault', call, fault: faultData(notAllowed(refused)) });
    } else if (isConnectorFault(error)) {
      this.#answer(call, live, { kind: 'fault', call, fault: cloneable(faultData(error)) as FaultData });
    } else if (error instanceof NotPlainData) {
      this.#answer(call, live, { kind: 'not-plain', call, reason: error.message });
    } else this.#answer(call, live, { kind: 'threw', call, error: thrown(error) });
  }

  #answer(call: number, live: LiveCall, message: FromConnector): void {
    if (live.over) return;
    this.#end(call);
    this.send(message);
  }

  #end(call: number): void {
    const live = this.#live.get(call);
    if (live !== undefined) {
      live.over = true;
      this.#tickets.end(live.ticket);
    }
    this.#live.delete(call);
  }
}

function unpacked(operation: unknown): Operation {
  const { subjects, ...others } = operation as PackedOperation;
  return { ...others, subjects: unpackPeople(subjects) };
}

/** The kind and the places of what was thrown; its message may hold anything. */
export function thrown(error: unknown): Thrown {
  const { name, stack } = (typeof error === 'object' && error !== null ? error : {}) as Partial<
    Record<string, unknown>
  >;
  const frames = typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return { name: typeof name === 'string' ? name : typeof error, stack: frames.slice(0, 6).join('\n') };
}

/** An answer that tells of trouble says so, where a place was refused that the connector then took for unreachable. */
function tellRefused(answer: unknown, refused: string | undefined): unknown {
  if (refused === undefined || typeof answer !== 'object' || answer === null) return answer;
  const { problems, fault } = answer as { problems?: unknown; fault?: unknown };
  if (Array.isArray(problems)) return { ...answer, problems: [...problems, faultData(notAllowed(refused))] };
  return fault === undefined ? answer : { ...answer, fault: faultData(notAllowed(refused)) };
}
