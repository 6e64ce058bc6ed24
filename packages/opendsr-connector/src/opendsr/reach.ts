import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';

/** How far a request got. */
export interface Reach {
  /** The connection stood (TLS and all), so that some of the request may have gone out. */
  connected: boolean;
}

/** What axios calls in place of `node:http` and `node:https`. */
export interface Transport {
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
}

/**
 * A transport that notes in `reach` whether the connection stood: the same error code means a connection that was not made before
 * that, and an answer that was lost afterwards.
 */
export function notingTransport(reach: Reach): Transport {
  return {
    request(options, onResponse) {
      const secure = options.protocol === 'https:';
      const request = (secure ? https : http).request(options, onResponse);
      const connected = () => {
        reach.connected = true;
      };
      request.once('socket', (socket) => {
        if (secure && socket instanceof TLSSocket) socket.once('secureConnect', connected);
        else if (!secure && socket.connecting) socket.once('connect', connected);
        // One of an unknown make is taken for standing, which errs on the safe side.
        else connected();
      });
      request.once('response', connected);
      return request;
    },
  };
}
