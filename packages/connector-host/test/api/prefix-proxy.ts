import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that has a host below a path, as people put one in front of several programs; at its root stands something else. */
export interface PrefixProxy {
  /** `http://127.0.0.1:1234/connector`. */
  readonly url: string;
  /** What came to the program at the root: paths, each with the Authorization header. */
  readonly strayed: readonly string[];
  /** Where the host is, once it runs. */
  host: string;
  stop(): Promise<void>;
}

/** Starts one. @param strips whether the host gets its paths without the prefix. The Host header is the host's own address, as nginx writes it. */
export async function prefixProxy(strips: boolean, prefix = '/connector'): Promise<PrefixProxy> {
  const strayed: string[] = [];
  const server: Server = createServer((inbound, outbound) => {
    const { url = '/', method, headers } = inbound;
    if (url !== prefix && !url.startsWith(`${prefix}/`)) {
      strayed.push(`${url} ${headers.authorization ?? ''}`);
      outbound.writeHead(404).end();
      return;
    }
    const target = new URL(proxy.host);
    const path = strips ? url.slice(prefix.length) || '/' : url;
    const sent = request(
      { host: target.hostname, port: target.port, path, method, headers: { ...headers, host: target.host } },
      (answer) => {
        outbound.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outbound);
      },
    );
    sent.on('error', () => outbound.destroy());
    outbound.on('close', () => sent.destroy());
    inbound.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: PrefixProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    strayed,
    host: '',
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
