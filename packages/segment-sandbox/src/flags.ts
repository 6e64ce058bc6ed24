import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { AnswerStyle } from './answers.js';
import { ANSWER_CHOICES } from './answers.js';
import type { FaultKind, FaultRule } from './faults.js';
import { FAULT_KINDS, faultProblem } from './faults.js';
import type { SandboxOptions } from './options.js';
import { resolveOptions } from './options.js';
import type { OutcomeRule } from './regulations/outcomes.js';
import type { Outcome } from './regulations/regulation.js';
import { OUTCOMES } from './regulations/regulation.js';

/** Ends the command with this exit code; what there is to say was said. */
export { CommanderError };

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * Reads the command line.
 * @param write where help, version and errors go
 * @throws CommanderError with `exitCode` 0 after help or version, 2 where a flag is not valid (it names the flag)
 */
export function readFlags(
  args: readonly string[],
  version: string,
  write: { out: (text: string) => void; err: (text: string) => void },
): SandboxOptions {
  const command = new Command('segment-sandbox')
    .description('A local Segment: Public API and Config API on one port of 127.0.0.1.')
    .version(version)
    .option('--port <port>', 'port to listen on; 0 takes a free one', wholeNumber, 0)
    .option('--region <region>', 'us or eu', region, 'us')
    .option('--seed <number>', 'decides ids, durations, mixed outcomes, faults', wholeNumber, 1)
    .option('--speed <factor>', 'how fast regulations age: 86400 is a day in a second, "Infinity" at once', number, 1)
    .option('--rate-limit <limits>', '"off", or such as creates=600,requests=200,config=200 (a minute)', rateLimit)
    .option('--quota <users>', 'users a calendar month, or "off"', quota)
    .option('--outcome <rule>', `OUTCOME or INDEX:OUTCOME, of mixed, ${OUTCOMES.join(', ')}; may be repeated`, outcomes)
    .option(
      '--fault <rule>',
      `ON:KIND[=STATUS][:PROBABILITY][:xTIMES][:+SKIP][:MSms], such as 'POST /regulations:lost-after:0.2'; KIND of ${FAULT_KINDS.join(', ')}; may be repeated`,
      faults,
    )
    .option('--bad-id <regex>', 'identifiers that are refused', regex)
    .option('--name-bad-ids', 'say which identifier was refused')
    .option('--list-order <order>', 'newest-first or oldest-first', listOrder)
    .option(
      '--answer <name=value>',
      `how an answer looks that is not published, of ${Object.keys(ANSWER_CHOICES).join(', ')}; may be repeated`,
      answer,
    )
    .option('--generate <size>', 'SOURCES,DESTINATIONS,WAREHOUSES: a generated workspace of this size', size)
    .option('--state <file>', 'keep regulations, time and quota in this file and go on with what is there')
    .option('--record-requests <number>', 'how many requests to record for /_sandbox/requests', wholeNumber)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .exitOverride((error) => {
      throw new CommanderError(error.exitCode === 0 ? 0 : 2, error.code, error.message);
    });
  command.parse(args, { from: 'user' });
  const { outcome, fault, listOrder: order, answer: answers, ...rest } = command.opts<Record<string, unknown>>();
  const options: Writable<SandboxOptions> = { ...rest };
  if (outcome) options.outcomes = outcome as OutcomeRule[];
  if (fault) options.faults = fault as FaultRule[];
  if (order || answers)
    options.answers = { ...(order ? { listOrder: order as 'newest-first' } : {}), ...(answers ?? {}) };
  try {
    resolveOptions(options);
  } catch (error) {
    if (error instanceof RangeError) command.error(`error: ${asFlag(error.message)}`, { exitCode: 2 });
    throw error;
  }
  return options;
}

/** `rateLimit.creates must be ...` of the library, as the flag a person typed. */
function asFlag(message: string): string {
  return message.replace(/^(\w+)/, (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

/**
 * A fault from `ON:KIND[=STATUS][:PROBABILITY][:xTIMES][:+SKIP][:MSms]`, the parts after KIND in any order.
 * @throws InvalidArgumentError that says what is wrong
 */
function parseFault(text: string): FaultRule {
  const [on = '', kindText = '', ...rest] = text.split(':');
  const [kind = '', status] = kindText.split('=');
  if (!FAULT_KINDS.some((known) => known === kind))
    throw new InvalidArgumentError(`"${kind}" is not a kind of fault; take one of ${FAULT_KINDS.join(', ')}.`);
  const rule: Writable<FaultRule> = { on, kind: kind as FaultKind };
  if (status !== undefined) rule.status = wholeNumber(status);
  for (const part of rest) {
    if (/^x\d+$/.test(part)) rule.times = Number(part.slice(1));
    else if (/^\+\d+$/.test(part)) rule.skip = Number(part.slice(1));
    else if (/^\d+ms$/.test(part)) rule.afterMs = Number(part.slice(0, -2));
    else rule.probability = number(part);
  }
  const wrong = faultProblem(rule);
  if (wrong !== undefined) throw new InvalidArgumentError(`${wrong}.`);
  return rule;
}

function faults(text: string, before: FaultRule[] = []): FaultRule[] {
  return [...before, parseFault(text)];
}

function outcomes(text: string, before: OutcomeRule[] = []): OutcomeRule[] {
  const [, index, outcome] = /^(?:(\d+):)?(.*)$/.exec(text) ?? [];
  if (outcome !== 'mixed' && !OUTCOMES.some((known) => known === outcome))
    throw new InvalidArgumentError(`Take one of mixed, ${OUTCOMES.join(', ')}.`);
  return [
    ...before,
    { ...(index === undefined ? {} : { index: Number(index) }), outcome: outcome as Outcome | 'mixed' },
  ];
}

function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function region(text: string): string {
  if (text !== 'us' && text !== 'eu') throw new InvalidArgumentError('It must be us or eu.');
  return text;
}

function listOrder(text: string): string {
  if (text !== 'newest-first' && text !== 'oldest-first')
    throw new InvalidArgumentError('It must be newest-first or oldest-first.');
  return text;
}

function answer(text: string, before: Partial<AnswerStyle> = {}): Partial<AnswerStyle> {
  const [name = '', ...rest] = text.split('=');
  if (!isAnswer(name)) throw new InvalidArgumentError(`Name one of ${Object.keys(ANSWER_CHOICES).join(', ')}.`);
  const choices: readonly (string | number | boolean)[] = ANSWER_CHOICES[name];
  const chosen = choices.find((choice) => String(choice) === rest.join('='));
  if (chosen === undefined) throw new InvalidArgumentError(`${name} is one of ${choices.join(', ')}.`);
  return { ...before, [name]: chosen };
}

function isAnswer(name: string): name is keyof AnswerStyle {
  return Object.hasOwn(ANSWER_CHOICES, name);
}

function quota(text: string): number | 'off' {
  return text === 'off' ? text : wholeNumber(text);
}

function regex(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.');
  }
}

function rateLimit(text: string): SandboxOptions['rateLimit'] {
  if (text === 'off') return text;
  const limits: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, name, value] = /^(creates|requests|config)=(\d+)$/.exec(part) ?? [];
    if (name === undefined)
      throw new InvalidArgumentError('It must be "off" or such as creates=600,requests=200,config=200.');
    limits[name] = Number(value);
  }
  return limits;
}

function size(text: string): SandboxOptions['generate'] {
  const [, sources, destinations, warehouses] = /^(\d+),(\d+),(\d+)$/.exec(text) ?? [];
  if (warehouses === undefined) throw new InvalidArgumentError('It must be three whole numbers, such as 1000,5000,20.');
  return { sources: Number(sources), destinations: Number(destinations), warehouses: Number(warehouses) };
}
