/**
 * Callers that send one request after the other over a connection of their own, written to take as little of the machine as they can:
 * what is measured is the host.
 */
import { connect } from 'node:net';
import { ADMIN } from './stage.mjs';

/** Sends calls over one connection; `send` answers when the answer is whole. */
function caller(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let text = '';
  let waiting;
  const fail = (error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail).on('close', () => fail(new Error('The host closed the connection.')));
  socket.setEncoding('latin1').on('data', (part) => {
    text += part;
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1]);
    if (text.length < head + 4 + length) return;
    const status = Number(text.slice(9, 12));
    const answer = text.slice(head + 4, head + 4 + length);
    text = '';
    const { resolve, reject } = waiting;
    waiting = undefined;
    if (status === 202) resolve();
    else reject(new Error(`The host answered ${status}: ${answer.slice(0, 300)}`));
  });
  const head = `POST /api/v1/requests HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${ADMIN}\r\ncontent-type: application/json\r\ncontent-length: `;
  return {
    send: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }),
    end: () => socket.destroy(),
  };
}

/** A figure below which a share of the sorted values lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Does a piece of work again and again, so many at a time, for so long.
 * @param workers one for each at a time; each is called with a number that no other call has.
 * @returns how many were done a second, and how long each took, in milliseconds.
 */
export async function atOnce(workers, ms, from) {
  const took = [];
  let next = from;
  const begun = performance.now();
  await Promise.all(
    workers.map(async (work) => {
      for (let now = performance.now(); now - begun < ms; ) {
        await work(next++);
        const done = performance.now();
        took.push(done - now);
        now = done;
      }
    }),
  );
  return { perSecond: (took.length * 1000) / (performance.now() - begun), took, next };
}

/** Callers of the host, as workers for {@link atOnce}: each sends the person of the number that it is given. */
export function requestCallers(url, count, bodyOf) {
  const all = Array.from({ length: count }, () => caller(url));
  return {
    workers: all.map(
      ({ send }) =>
        (n) =>
          send(bodyOf(n)),
    ),
    end: () => all.forEach(({ end }) => void end()),
  };
}
