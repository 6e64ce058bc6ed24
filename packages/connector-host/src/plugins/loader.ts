import 'reflect-metadata';
import type { ConnectorManifest } from 'connector-contract';
import { bindConnector, type ConnectorParts, importModule, type PluginPackage } from 'connector-contract/loading';
import { Container } from 'inversify';
import type { Standing } from './isolation/limits.js';
import type { Isolated } from './isolation/wall/wall.js';

/** A connector that was loaded, here or in a process of its own. */
export interface LoadedConnector {
  readonly parts: ConnectorParts;
  /** Whether it can be used now, and where it cannot, why; absent where nothing can change about that. */
  standing?(): Standing & { readonly why: string };
  /**
   * Takes no more calls and lets go of it.
   * @param graceMs how long calls under way may take to come to an end.
   */
  release(graceMs: number): Promise<void>;
}

/** Brings connectors to where they run. */
export interface Loader {
  /** What keeps them apart. */
  readonly isolated: Isolated;
  /** @throws Refusal */
  load(plugin: PluginPackage, manifest: ConnectorManifest, entry: URL): Promise<LoadedConnector>;
  /** Lets go of what the connectors had in common. */
  close(): Promise<void>;
}

/**
 * Loads connectors into this very process: what they do, the host does. For tests, and for operators who trust every connector and
 * lack the memory for a process each.
 * @param timeoutMs that an import may take, and again the binding: long unless given, for nothing tells here how slow the machine is.
 */
export function loaderHere(timeoutMs = 60_000): Loader {
  const container = new Container();
  return {
    isolated: { isolation: 'none' },
    load: async (_plugin, manifest, entry) =>
      bindConnector(container, await importModule(entry, manifest, timeoutMs), manifest, timeoutMs),
    close: async () => undefined,
  };
}
