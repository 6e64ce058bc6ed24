import { readFileSync } from 'node:fs';
import { parseManifest } from 'connector-contract';

// Seen from dist/src, where this file runs.
const file = new URL('../../manifests/my-connector.json', import.meta.url);
const parsed = parseManifest(JSON.parse(readFileSync(file, 'utf8')));
if (!parsed.ok) throw new Error(`The manifest is not in order: ${JSON.stringify(parsed.issues)}`);

/** The connector's own manifest: the form, the limits and the permissions are written down there and nowhere else. */
export const manifest = parsed.manifest;
