import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonProblem } from './json-problem.js';
import { Refusal } from './refusal.js';

/** A package with the keyword `connector-plugin`, or one that seems to be meant so and cannot be read. */
export interface PluginPackage {
  readonly name: string;
  readonly version: string;
  /** Real path of the package's folder. */
  readonly directory: string;
  /** Paths as `connector.manifests` gives them. */
  readonly manifests: readonly string[];
  /** Set where the package itself is unusable. */
  readonly refusal?: Refusal;
}

const KEYWORD = 'connector-plugin';
// As much of a declaration as can be told without parsing every package.json of an installation.
const declaring = /"connector"\s*:\s*\{\s*"manifests"/;

/**
 * Reads the package.json of a folder, and nothing else.
 * @param directory real path of the folder.
 * @returns `undefined` where there is none, or where it is no connector's.
 */
export async function readPackage(directory: string): Promise<PluginPackage | undefined> {
  const path = join(directory, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || !(text.includes(KEYWORD) || declaring.test(text))) return undefined;
  const fallback = { name: directory, version: '0.0.0', directory, manifests: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = `The file ${path} is not valid JSON: ${jsonProblem(text, error)}`;
    return { ...fallback, refusal: new Refusal('PACKAGE_UNREADABLE', reason) };
  }
  const { name, version, keywords, connector } = (typeof json === 'object' && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  const known = {
    ...fallback,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  };
  const manifests = (connector as { manifests?: unknown } | undefined | null)?.manifests;
  if (!Array.isArray(keywords) || !keywords.includes(KEYWORD)) {
    if (manifests === undefined) return undefined;
    const reason = `The file ${path} names manifests of connectors, and does not have the keyword ${KEYWORD}.`;
    return { ...known, refusal: new Refusal('KEYWORD_MISSING', reason) };
  }
  if (!Array.isArray(manifests) || manifests.length === 0 || !manifests.every((one) => typeof one === 'string')) {
    return { ...known, refusal: new Refusal('MANIFEST_NOT_DECLARED', `The file ${path} names no manifest.`) };
  }
  return { ...known, manifests };
}
