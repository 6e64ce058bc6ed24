import { randomStream } from './random.js';
import { partsOf } from './routes.js';

/** What can be made to go wrong. */
export const FAULT_KINDS = [
  'lost-before',
  'lost-after',
  'status',
  'reset',
  'slow',
  'html',
  'truncated',
  'empty',
  'huge',
  'timeout',
] as const;
/**
 * - `lost-before`: the connection is cut when the request is in, before anything happens.
 * - `lost-after`: the request is carried out, then the connection is cut without an answer.
 * - `status`: answers the error `status` (500 unless given) in the form of the API asked.
 * - `reset`: the connection is reset (TCP RST).
 * - `slow`: the right answer, after `afterMs` (1,000 unless given).
 * - `html`: a page of HTML as a proxy in between sends it, with `status` (502 unless given).
 * - `truncated`: the right answer, cut in half. - `empty`: the right status with no body at all.
 * - `huge`: a body of `bytes` (64 MiB unless given). - `timeout`: never an answer.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault to happen. */
export interface FaultRule {
  /** Where: method and path, `POST /regulations`, `GET /regulations/{id}`, `* /sources`, or `*` for every call; `*` in place of a part, and at the end for all below. */
  readonly on: string;
  readonly kind: FaultKind;
  /** HTTP status of `status` and `html`. */
  readonly status?: number;
  /** Happens so many times, then no more. */
  readonly times?: number;
  /** Lets so many calls pass first. */
  readonly skip?: number;
  /** How likely it is for each call, 0 to 1 (1 unless given), by the sandbox's seed. */
  readonly probability?: number;
  /** Milliseconds to wait before the effect. */
  readonly afterMs?: number;
  /** Size of a `huge` body. */
  readonly bytes?: number;
  /**
   * Whether the request is carried out all the same. By default yes for `lost-after`, `slow`, `truncated`, `empty` and
   * `huge`; setting it makes, say, a `timeout` or a 500 whose regulation exists nevertheless.
   */
  readonly applied?: boolean;
}

/** A rule in force. */
export interface ActiveFault extends FaultRule {
  readonly id: number;
  /** How often it has happened. */
  readonly happened: number;
}

const APPLIED_BY_DEFAULT: ReadonlySet<FaultKind> = new Set(['lost-after', 'slow', 'truncated', 'empty', 'huge']);

/** True where the request is to be carried out although the fault happens. */
export function isApplied(rule: FaultRule): boolean {
  return rule.applied ?? APPLIED_BY_DEFAULT.has(rule.kind);
}

/** What is wrong with a rule, in plain words; undefined where nothing is. */
export function faultProblem(rule: FaultRule): string | undefined {
  if (typeof rule.on !== 'string' || !/^(\*|(\*|[A-Z]+) \/?\S*)$/.test(rule.on))
    return `fault "on" must be METHOD /path, such as "POST /regulations", or "*"`;
  if (!FAULT_KINDS.includes(rule.kind)) return `fault "kind" must be one of ${FAULT_KINDS.join(', ')}`;
  const { status, times, skip, probability, afterMs, bytes } = rule;
  if (status !== undefined && !(Number.isInteger(status) && status >= 200 && status <= 599))
    return 'fault "status" must be a whole number from 200 to 599';
  if (probability !== undefined && !(probability >= 0 && probability <= 1))
    return 'fault "probability" must be a number from 0 to 1';
  for (const [name, value] of Object.entries({ times, skip, afterMs, bytes })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0))
      return `fault "${name}" must be a whole number, zero or more`;
  }
  return undefined;
}

/** The faults in force, and the dice that decide when one happens. */
export class FaultBook {
  private readonly faults: { rule: FaultRule; id: number; passed: number; happened: number }[] = [];
  private readonly random: () => number;
  private lastId = 0;

  constructor(rules: readonly FaultRule[], seed: number) {
    this.random = randomStream(seed);
    for (const rule of rules) this.add(rule);
  }

  /**
   * Puts a fault in force; the number it answers takes it out again.
   * @throws RangeError that names what is wrong with the rule
   */
  add(rule: FaultRule): number {
    const wrong = faultProblem(rule);
    if (wrong !== undefined) throw new RangeError(wrong);
    this.lastId += 1;
    this.faults.push({ rule: { ...rule }, id: this.lastId, passed: 0, happened: 0 });
    return this.lastId;
  }

  /** Takes a fault out; false where it is not there. */
  remove(id: number): boolean {
    const position = this.faults.findIndex((fault) => fault.id === id);
    if (position < 0) return false;
    this.faults.splice(position, 1);
    return true;
  }

  /** Takes all faults out. */
  clear(): void {
    this.faults.length = 0;
  }

  /** The faults in force. */
  list(): ActiveFault[] {
    return this.faults.map(({ rule, id, happened }) => ({ ...rule, id, happened }));
  }

  /** The fault that happens to this call, if one does: the first in order of addition. */
  strike(method: string, template: string, path: string): FaultRule | undefined {
    for (const fault of this.faults) {
      const { on, times, skip = 0, probability = 1 } = fault.rule;
      if (times !== undefined && fault.happened >= times) continue;
      if (!isMeant(on, method, template) && !isMeant(on, method, path)) continue;
      fault.passed += 1;
      if (fault.passed <= skip || (probability < 1 && this.random() >= probability)) continue;
      fault.happened += 1;
      return fault.rule;
    }
    return undefined;
  }
}

function isMeant(on: string, method: string, path: string): boolean {
  if (on === '*') return true;
  const [onMethod = '', onPath = ''] = on.split(' ', 2);
  if (onMethod !== '*' && onMethod !== method) return false;
  const wanted = partsOf(onPath.startsWith('/') ? onPath : `/${onPath}`);
  const parts = partsOf(path);
  const open = wanted.at(-1) === '*';
  if (open ? parts.length < wanted.length : parts.length !== wanted.length) return false;
  return wanted.every((part, position) => part === '*' || part === parts[position] || isSlot(part, parts[position]));
}

/** `{id}` in a rule stands for any one part, whatever the route calls it. */
function isSlot(part: string, value: string | undefined): boolean {
  return part.startsWith('{') && value !== undefined;
}
