/**
 * What the author of a connector sees of it while it is developed: what its calls threw and which faults they answered, with messages,
 * stacks and lines of the sources. In real life none of this leaves the process, since it may hold secrets and people.
 */
import inspector from 'node:inspector';
import { inspect } from 'node:util';
import type { FaultData } from 'connector-contract';
import type { ConnectorParts } from 'connector-contract/loading';

/** Tells an author. */
export interface Author {
  tell(what: string, error: unknown): void;
  /** The parts, telling what goes wrong in their calls. */
  heard(parts: ConnectorParts): ConnectorParts;
}

/** How often a port is asked for that the process before still has, and after how many milliseconds. */
const TRIES = 50;
const PAUSE_MS = 100;

/** @param port where a debugger gets in; empty where none does. */
export async function openAuthor(port: string): Promise<Author> {
  const { stderr } = process;
  const tell = (what: string, error: unknown): void =>
    void stderr.write(`connector | ${what}: ${typeof error === 'string' ? error : ofTheConnector(inspect(error))}\n`);
  if (port !== '') await letDebuggerIn(Number(port));
  return {
    tell,
    heard: (parts) =>
      Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, typeof part === 'object' ? listened(part, tell) : part]),
      ) as unknown as ConnectorParts,
  };
}

/** Without what Node and the host do around it. */
function ofTheConnector(shown: string): string {
  const lines = shown.split('\n');
  return lines.filter((line) => !/^\s+at .*(?:node:|plugins[/\\]isolation[/\\])/.test(line)).join('\n');
}

async function letDebuggerIn(port: number): Promise<void> {
  for (let tries = 0; tries < TRIES && inspector.url() === undefined; tries += 1) {
    // It says itself where it listens, or that it cannot.
    inspector.open(port, '127.0.0.1');
    if (inspector.url() === undefined) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Says of an answer which fault it holds. */
function faultsIn(answer: unknown): readonly FaultData[] {
  const { fault, problems = [] } = Object(answer) as { fault?: FaultData; problems?: readonly FaultData[] };
  return [...(fault === undefined ? [] : [fault]), ...(Array.isArray(problems) ? (problems as FaultData[]) : [])];
}

function listened(part: object, tell: Author['tell']): object {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || typeof key !== 'string') return value;
      return (...args: unknown[]) => {
        const thrown = (error: unknown): never => {
          tell(`${key} threw`, error);
          throw error;
        };
        const answered = (answer: unknown): unknown => {
          for (const { code, message } of faultsIn(answer)) tell(`${key} answers ${code}`, message);
          return answer;
        };
        try {
          const answer: unknown = Reflect.apply(value, target, args);
          return answer instanceof Promise ? answer.then(answered, thrown) : answered(answer);
        } catch (error) {
          return thrown(error);
        }
      };
    },
  });
}
