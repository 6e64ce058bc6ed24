import { readFileSync } from 'node:fs';
import type { ConnectorManifest } from 'connector-contract';

let manifest: ConnectorManifest | undefined;

/**
 * The connector's own manifest. The code asks it for everything it says (what a configuration may hold, where the connection may
 * lead), so that the two cannot disagree. Read when first needed: importing the connector has no side effects.
 */
export function ownManifest(): ConnectorManifest {
  manifest ??= JSON.parse(
    readFileSync(new URL('../manifests/opendsr.json', import.meta.url), 'utf8'),
  ) as ConnectorManifest;
  return manifest;
}
