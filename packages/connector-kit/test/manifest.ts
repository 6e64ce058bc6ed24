import { readFileSync } from 'node:fs';
import type { ConnectorManifest } from 'connector-contract';

const template = new URL('../../connector-contract/templates/connector/manifests/my-connector.json', import.meta.url);

/** The manifest of a connector like others: that of the template, at Acme. */
export const manifest: ConnectorManifest = {
  ...(JSON.parse(readFileSync(template, 'utf8')) as ConnectorManifest),
  network: { allowedHosts: ['api.acme.example'] },
};
