import type { IncomingMessage } from 'node:http';
import {
  CatalogApi,
  DeletionAndSuppressionApi,
  DestinationsApi,
  FunctionsApi,
  ProfilesSyncApi,
  ReverseETLApi,
  SourcesApi,
  SpacesApi,
  WarehousesApi,
  WorkspacesApi,
} from '@segment/public-api-sdk-typescript';
import type { Sandbox } from '../src/index.js';

/** The SDK's clients of a sandbox, holding this token. */
export function sdkOf(sandbox: Sandbox, token: string = sandbox.tokens.publicOwner) {
  const clients = {
    workspaces: new WorkspacesApi(sandbox.url),
    sources: new SourcesApi(sandbox.url),
    destinations: new DestinationsApi(sandbox.url),
    warehouses: new WarehousesApi(sandbox.url),
    catalog: new CatalogApi(sandbox.url),
    regulations: new DeletionAndSuppressionApi(sandbox.url),
    functions: new FunctionsApi(sandbox.url),
    models: new ReverseETLApi(sandbox.url),
    spaces: new SpacesApi(sandbox.url),
    profiles: new ProfilesSyncApi(sandbox.url),
  };
  for (const client of Object.values(clients)) client.accessToken = token;
  return clients;
}

export type Sdk = ReturnType<typeof sdkOf>;

/** What every call of the SDK answers. The response keeps the body as it came, before the SDK drops what it does not know. */
export interface Called<Body> {
  readonly response: IncomingMessage;
  readonly body: Body;
}

/** The body as it came over the wire. */
export function wireBody(called: Called<unknown>): unknown {
  return (called.response as unknown as { body: unknown }).body;
}

/** The HTTP status and first error of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<{
  status: number;
  headers: IncomingMessage['headers'];
  body: { errors: { type: string; message: string; field?: string; data?: Record<string, number> }[] };
}> {
  try {
    await call;
  } catch (error) {
    const { statusCode, body, response } = error as { statusCode: number; body: never; response: IncomingMessage };
    return { status: statusCode, headers: response.headers, body };
  }
  throw new Error('the call should have failed');
}

interface Paged {
  readonly pagination: { readonly next?: string | null; readonly totalEntries?: number };
}

/** Follows the SDK's cursors to the end and answers every page. */
export async function allPages<Output extends Paged>(
  call: (pagination: { count: number; cursor?: string }) => Promise<Called<{ data?: Output }>>,
  count: number,
): Promise<Output[]> {
  const pages: Output[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await call({ count, ...(cursor === undefined ? {} : { cursor }) });
    if (!body.data) throw new Error('the answer holds no data');
    pages.push(body.data);
    cursor = body.data.pagination.next ?? undefined;
  } while (cursor !== undefined);
  return pages;
}
