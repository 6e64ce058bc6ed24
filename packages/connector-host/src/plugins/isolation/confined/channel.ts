/** The line to the host. */
import { Socket } from 'node:net';
import { FrameReader, writeFrame } from '../frames.js';
import type { FromConnector, ToConnector } from '../messages.js';

const descriptor = 3;
const exit = process.exit.bind(process);

/** Opens the line; what this process is without it is nothing, so it ends with it. */
export function openChannel(hear: (message: ToConnector) => void): {
  readonly socket: Socket;
  send(message: FromConnector): void;
} {
  const socket = new Socket({ fd: descriptor, readable: true, writable: true });
  const reader = new FrameReader();
  socket.on('data', (chunk: Buffer) => {
    for (const message of reader.read(chunk)) hear(message as ToConnector);
  });
  socket.on('close', () => exit(0));
  socket.on('end', () => exit(0));
  socket.on('error', () => exit(0));
  return { socket, send: (message) => void writeFrame(socket, message) };
}
