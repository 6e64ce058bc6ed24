/**
 * Connections of callers who have not shown a token yet. They are capped: whoever opens very many, or keeps them open by sending a byte now
 * and then, pushes out the oldest of their own kind, and nobody who works.
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Most connections at a time over which no valid token came yet. */
export const MOST_STRANGERS = 256;

/** With TLS a connection has two objects, the encrypted one and the plain one; its far end is the same. */
function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}

/** Closes the oldest connection without a token where there are more than `most`. Register it after `authenticate`. */
export function limitStrangers(app: FastifyInstance, most: number): void {
  const strangers = new Map<string, Socket>();
  app.server.on('connection', (socket: Socket) => {
    const end = endOf(socket);
    strangers.set(end, socket);
    socket.once('close', () => {
      if (strangers.get(end) === socket) strangers.delete(end);
    });
    if (strangers.size <= most) return;
    for (const [oldest, stranger] of strangers) {
      strangers.delete(oldest);
      stranger.destroy();
      return;
    }
  });
  app.addHook('onRequest', async ({ actor, raw }) => {
    if (actor !== null) strangers.delete(endOf(raw.socket));
  });
}
