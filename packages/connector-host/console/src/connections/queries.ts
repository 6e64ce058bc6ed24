/** What the console asks about connectors and connections. */
import { useQuery } from '@tanstack/react-query';
import type { ConnectorManifest } from 'connector-contract';
import { useMemo } from 'react';
import { host } from '../api/client.js';
import type { Connection, Connector, Page, RemovedConnection } from '../api/model.js';
import { connectionWords } from '../words/connections.js';

/** The installed connectors, refused ones too. */
export function useConnectors() {
  return useQuery({
    queryKey: ['connectors'],
    queryFn: async ({ signal }) => (await host.get<Page<Connector>>('/connectors', signal)).items,
    staleTime: 300_000,
  });
}

/** All connections. */
export function useConnections() {
  return useQuery({
    queryKey: ['connections'],
    queryFn: async ({ signal }) => (await host.get<Page<Connection>>('/connections', signal)).items,
  });
}

/** Names of connections by id, of those that were removed too: finished requests still name them. */
export function useConnectionNames(): (id: string) => string {
  const { data } = useConnections();
  const { data: removed } = useQuery({
    queryKey: ['connections', 'removed'],
    queryFn: async ({ signal }) => (await host.get<Page<RemovedConnection>>('/connections/removed', signal)).items,
    staleTime: 60_000,
  });
  return useMemo(() => {
    const names = new Map([
      ...(removed ?? []).map(({ id, name }) => [id, connectionWords.removedName(name)] as const),
      ...(data ?? []).map(({ id, name }) => [id, name] as const),
    ]);
    return (id) => names.get(id) ?? (removed === undefined ? '…' : id);
  }, [data, removed]);
}

/** The manifest of a connector, as soon as it is known. */
export function useManifest(connector: string | undefined): ConnectorManifest | undefined {
  const { data } = useConnectors();
  return data?.find(({ id, state }) => id === connector && state === 'ready')?.manifest;
}

/** Whether this host lets connections be pointed at other endpoints: then a connector's form has the fields for it. */
export function useEndpointsAllowed(manifest: ConnectorManifest): boolean {
  const { data } = useConnectors();
  const form = JSON.stringify(data?.find(({ id, state }) => id === manifest.id && state === 'ready')?.form ?? {});
  return manifest.config.fields.some(
    ({ key, availability }) => availability === 'host-allows-endpoints' && form.includes(`${JSON.stringify(key)}:{`),
  );
}
