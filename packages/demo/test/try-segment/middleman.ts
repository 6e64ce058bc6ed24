import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from 'segment-sandbox';
import type { Exchange } from '../../src/try-segment/exchange.js';
import { routeOf } from '../../src/try-segment/exchange.js';
import { startRecorder } from '../../src/try-segment/recorder.js';

/** An answer of the sandbox on its way, to be made another. */
export interface Passing {
  readonly route: string;
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: alterations reach into bodies of many shapes
  body: any;
}

/** Makes a sandbox differ: changes an answer in place. */
export type Alter = (answer: Passing) => void;

/** Stands before a sandbox and alters what it answers. */
export async function standBefore(sandbox: Sandbox, alter: Alter): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = 'GET', url = '/' } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
    ) as Record<string, string>;
    const answer = await fetch(`${sandbox.url}${url}`, { method, headers, ...(body.length > 0 ? { body } : {}) });
    const text = await answer.text();
    const passing: Passing = {
      route: routeOf({ method, path: url.split('?')[0] ?? '' }),
      status: answer.status,
      headers: Object.fromEntries(
        [...answer.headers].filter(([name]) => !/^(?:content-length|connection|keep-alive|date)$/.test(name)),
      ),
      body: parsed(text),
    };
    alter(passing);
    response.writeHead(passing.status, passing.headers);
    response.end(typeof passing.body === 'string' ? passing.body : JSON.stringify(passing.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => {});
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Makes each call that the assumptions speak of, in both generations, and gives what was recorded. */
export async function everyCall(sandbox: Sandbox, alter: Alter): Promise<readonly Exchange[]> {
  const middleman = await standBefore(sandbox, alter);
  const recorder = await startRecorder({ publicApi: middleman.url, configApi: `${middleman.url}/v1beta` });
  const { publicOwner, configAdmin } = sandbox.tokens;
  const call = async (path: string, token: string, body?: object) => {
    const response = await fetch(`${recorder.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };
  const space = sandbox.workspaces[0]?.spaces[0]?.id;
  const warehouse = sandbox.workspaces[0]?.warehouses[0]?.id;
  const regulation = { regulationType: 'SUPPRESS_WITH_DELETE', subjectType: 'USER_ID', subjectIds: ['nobody'] };
  try {
    const pages = ['/sources', '/destinations', '/warehouses', '/reverse-etl-models', '/spaces'].map(
      (path) => `${path}?pagination.count=200`,
    );
    for (const path of ['/', ...pages, '/functions?resourceType=SOURCE&pagination.count=200'])
      await call(path, publicOwner);
    await call(`/warehouses/${warehouse}/connected-sources`, publicOwner);
    await call(`/spaces/${space}/profiles-warehouses`, publicOwner);
    await call('/regulations', publicOwner, { ...regulation, subjectType: 'CONNECTION_CHECK' });
    await call('/regulations/no-such-regulation', publicOwner);
    const first = await call('/regulations', publicOwner, { ...regulation, subjectIds: ['nobody else'] });
    sandbox.clock.advance(1_000);
    const made = await call('/regulations', publicOwner, regulation);
    await call('/regulations?pagination.count=200', publicOwner);
    for (const { data } of [first, made]) await call(`/regulations/${data?.regulateId ?? 'none'}`, publicOwner);

    const root = '/v1beta/workspaces/acme-demo';
    const attributes = { name: 'userId', values: ['nobody'] };
    for (const path of ['', '/sources', '/sources/acme_com/destinations', '/regulations'])
      await call(`${root}${path}`, configAdmin);
    await call(`${root}/regulations`, configAdmin, {
      regulation_type: 'Delete',
      attributes: { ...attributes, name: 'none' },
    });
    await call(`${root}/regulations/no-such-regulation`, configAdmin);
    const old = await call(`${root}/regulations`, configAdmin, { regulation_type: 'Delete', attributes });
    await call(`${root}/regulations/${old.regulate_id ?? 'none'}`, configAdmin);
    return [...recorder.exchanges];
  } finally {
    await recorder.close();
    await middleman.close();
  }
}
