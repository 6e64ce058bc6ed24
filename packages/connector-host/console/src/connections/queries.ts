/** What the console asks about connectors and connections. */
import { useQuery } from '@tanstack/react-query';
import type { ConnectorManifest } from 'connector-contract';
import { useMemo } from 'react';
import { host } from '../api/client.js';
import type { Connection, Connector, Page } from '../api/model.js';

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

/** Names of connections by id; an id that is gone stands for itself. */
export function useConnectionNames(): (id: string) => string {
  const { data } = useConnections();
  return useMemo(() => {
    const names = new Map(data?.map(({ id, name }) => [id, name]));
    return (id) => names.get(id) ?? id;
  }, [data]);
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
