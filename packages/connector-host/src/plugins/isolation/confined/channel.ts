/**
 * The line to the host. What comes over it says what a call may reach, so it is read with built-in functions as they were before any
 * code of a plugin ran, and no event is sent that a plugin could send as well.
 */
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { writeFrame } from '../frames.js';
import type { FromConnector, ToConnector } from '../messages.js';
import { append, apply, getPrototypeOf } from './primordials.js';

const descriptor = 3;
const headBytes = 4;
const exit = process.exit.bind(process);
const later = setImmediate;
const { parse } = JSON;
const { concat, from } = Buffer;
const { readUInt32LE, subarray, toString: textOf } = Buffer.prototype;
const lengthOf = Object.getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), 'length')?.get as () => number;

/** Opens the line; what this process is without it is nothing, so it ends with it. */
export function openChannel(hear: (message: ToConnector) => void): {
  readonly socket: Socket;
  send(message: FromConnector): void;
} {
  const read = messagesOf(hear);
  const onread = {
    buffer: Buffer.allocUnsafe(64 * 1024),
    // The buffer is used again, so what is kept is a copy.
    callback: (bytes: number, buffer: Uint8Array) => {
      read(apply(from, Buffer, [apply(subarray, buffer, [0, bytes])]) as Buffer);
      return true;
    },
  };
  // The types know `onread` for connections that are to be made alone.
  const options: SocketConstructorOpts & ConnectOpts = { fd: descriptor, readable: true, writable: true, onread };
  const socket = new Socket(options);
  socket.on('close', () => exit(0));
  socket.on('end', () => exit(0));
  socket.on('error', () => exit(0));
  socket.resume();
  return { socket, send: (message) => void writeFrame(socket, message) };
}

/** Cuts bytes into messages, and hands each on in a turn of its own, in which nothing leads back to the line. */
function messagesOf(hear: (message: ToConnector) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted: number | undefined;
  const take = (bytes: number): Buffer | undefined => {
    if (held < bytes) return undefined;
    const whole = apply(concat, Buffer, [chunks]) as Buffer;
    held -= bytes;
    chunks = [];
    if (held > 0) append(chunks, apply(subarray, whole, [bytes]) as Buffer);
    return apply(subarray, whole, [0, bytes]) as Buffer;
  };
  return (chunk) => {
    append(chunks, chunk);
    held += apply(lengthOf, chunk, []) as number;
    for (;;) {
      if (wanted === undefined) {
        const head = take(headBytes);
        if (head === undefined) return;
        wanted = apply(readUInt32LE, head, [0]) as number;
      }
      const body = take(wanted);
      if (body === undefined) return;
      wanted = undefined;
      const message = parse(apply(textOf, body, ['utf8'])) as ToConnector;
      later(() => hear(message));
    }
  };
}
