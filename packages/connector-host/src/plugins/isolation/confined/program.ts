/**
 * The program of a connector's process: locks itself down, loads one connector, and does what the host asks of it. Everything it needs
 * is imported before the first line of the plugin runs.
 */
import 'reflect-metadata';
import {
  type BoundConnector,
  bindConnector,
  importModule,
  Refusal,
  reasonOf,
  rehearse,
} from 'connector-contract/loading';
import { Container } from 'inversify';
import { DEVELOP_VARIABLE, DOOR_VARIABLE, type ToConnector } from '../messages.js';
import { openAuthor } from './author.js';
import { ConfinedCalls, thrown } from './calls.js';
import { openChannel } from './channel.js';
import { guardEgress } from './egress.js';
import { lockDown, publishLocks } from './lockdown.js';
import { openPassage } from './passage.js';
import { makeTickets } from './tickets.js';

const exit = process.exit.bind(process);
const memory = process.memoryUsage.rss.bind(process.memoryUsage);
let bound: BoundConnector | undefined;
let calls: ConfinedCalls | undefined;
const { begin, ...tickets } = makeTickets();

const { [DOOR_VARIABLE]: door, [DEVELOP_VARIABLE]: develop } = process.env;
const author = develop === undefined ? undefined : await openAuthor(develop);
const passage = door === undefined ? undefined : await openPassage(door);
const { socket, send } = openChannel((message) => void hear(message));
// Node opens them when they are first written to, some versions as sockets: afterwards a connector that prints could not.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
lockDown();
const closeOthers = guardEgress(tickets, (to) => send({ kind: 'egress', to }), socket, passage);
publishLocks();
// A rejection that nobody handles is one promise's trouble; after an exception that nobody caught, nothing is certain any more.
process.on('unhandledRejection', (reason) => send({ kind: 'stray', error: thrown(reason), fatal: false }));
process.on('uncaughtException', (error) => {
  send({ kind: 'stray', error: thrown(error), fatal: true });
  socket.end(() => exit(70));
});
send({ kind: 'up' });

async function hear(message: ToConnector): Promise<void> {
  switch (message.kind) {
    case 'load':
      await load(message);
      return;
    case 'ping':
      send({ kind: 'pong', rss: memory() });
      return;
    case 'stop':
      await bound?.release();
      exit(0);
      return;
    case 'call':
      calls?.begin(message, begin(message.permits));
      return;
    default:
      calls?.hear(message);
  }
}

async function load({
  entry,
  manifest,
  timeoutMs,
  rehearse: rehearsed,
}: Extract<ToConnector, { kind: 'load' }>): Promise<void> {
  try {
    const by = Date.now() + timeoutMs;
    const module = await importModule(new URL(entry), manifest, timeoutMs);
    bound = await bindConnector(new Container(), module, manifest, Math.max(1, by - Date.now()));
    send({ kind: 'bound' });
    if (rehearsed) await rehearse(bound.parts, manifest, shutIn);
    calls = new ConfinedCalls(author?.heard(bound.parts) ?? bound.parts, send, closeOthers, tickets);
    send({ kind: 'loaded' });
  } catch (error) {
    author?.tell('it is refused', error);
    const { code, reason } = error instanceof Refusal ? error : new Refusal('IMPORT_FAILED', reasonOf(error));
    send({ kind: 'refused', code, reason });
  }
}

/** Runs a call that may reach nothing; answers the first place that it tried to. */
async function shutIn(call: () => Promise<unknown>): Promise<string | undefined> {
  const ticket = begin([]);
  try {
    await tickets.inNameOf(ticket, call);
  } finally {
    tickets.end(ticket);
  }
  return tickets.refusedOf(ticket);
}
