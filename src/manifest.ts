import { manifestAt } from 'connector-kit';

/** The plugin's own manifest. The code asks it for limits, hosts, identities and permissions, so that the two cannot disagree. */
export const ownManifest = manifestAt(new URL('../manifests/segment-config.json', import.meta.url));
