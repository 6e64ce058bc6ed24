import { readFileSync } from 'node:fs';
import { type ConnectorManifest, parseManifest } from 'connector-contract';

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

/** The manifest's text as data, before anybody has judged it. */
export const manifestData: unknown = read('../manifests/segment-config.json');

/** The plugin's manifest. @throws where it is not valid, with every issue. */
export function segmentManifest(): ConnectorManifest {
  const parsed = parseManifest(manifestData);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, null, 2));
  return parsed.manifest;
}

/** What the plugin's `package.json` says. */
export const packageFile = read('../package.json') as {
  readonly name: string;
  readonly version: string;
  readonly keywords: readonly string[];
  readonly connector: { readonly manifests: readonly string[] };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};
