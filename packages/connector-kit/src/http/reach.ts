import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';

/** How far a request got. */
export interface Reach {
  /** The connection stood (TLS and all), so that some of the request may have gone out. */
  connected: boolean;
  /** The connection did not come about in the time given. */
  connectTimedOut: boolean;
}

/** What axios calls in place of `node:http` and `node:https`. */
export interface Transport {
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
}

/**
 * A transport that notes in `reach` how far the request got, and gives up a connection that does not come about in time.
 *
 * axios tells neither whether a failed request had left, which decides whether a creation may be repeated, nor a slow
 * connection from a slow answer.
 */
export function notingTransport(reach: Reach, connectTimeoutMs: number): Transport {
  return {
    request(options, onResponse) {
      const secure = options.protocol === 'https:';
      const request = (secure ? https : http).request(options, onResponse);
      const timer = setTimeout(() => {
        reach.connectTimedOut = true;
        request.destroy(new Error('connect timeout'));
      }, connectTimeoutMs);
      const connected = () => {
        reach.connected = true;
        clearTimeout(timer);
      };
      request.once('socket', (socket) => {
        if (!request.reusedSocket && secure && socket instanceof TLSSocket) socket.once('secureConnect', connected);
        else if (!request.reusedSocket && !secure && socket.connecting) socket.once('connect', connected);
        // A kept-alive socket stands already; one of an unknown make is taken for standing, which errs on the safe side.
        else connected();
      });
      request.once('response', connected);
      request.once('close', () => clearTimeout(timer));
      return request;
    },
  };
}
