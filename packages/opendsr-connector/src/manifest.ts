import { manifestAt } from 'connector-kit';

/**
 * The connector's own manifest. The code asks it for everything it says (what a configuration may hold, limits, where the connection
 * may lead), so that the two cannot disagree.
 */
export const ownManifest = manifestAt(new URL('../manifests/opendsr.json', import.meta.url));
