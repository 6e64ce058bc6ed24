import { fileURLToPath } from 'node:url';
import { ConnectorRegistry, type RegistryOptions } from '../../src/plugins/registry.js';
import { testLog } from '../postgres.js';

/** Folder of a plugin package under `test/fixtures/plugins`; it serves as a root. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/plugins/${name}`, import.meta.url));
}

/** Where connectors can run: the same tests hold for both. */
export const isolations = ['process', 'none'] as const;

/** How they can run apart from the host: behind the wall, where there can be one, and behind the fence alone. */
export const apart = ['process', 'fence'] as const;

/** Loads fixtures as the roots of a registry; into this very process, unless told otherwise. */
export async function loadFixtures(
  names: readonly string[],
  options: Partial<RegistryOptions> = {},
): Promise<ConnectorRegistry> {
  return ConnectorRegistry.load({ roots: names.map(fixture), log: testLog, isolation: 'none', ...options });
}
