import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from '../../log.js';
import type { Loader } from '../loader.js';
import { Keeper } from './keeper.js';
import { hostPackage } from './launch.js';
import { type ProcessLimits, type RestartTerms, usualLimits, usualRestarts } from './limits.js';
import type { ProxySettings } from './proxies.js';
import { readingRights } from './reading-rights.js';
import { remoteParts } from './remote-parts.js';
import { Tunnels } from './tunnels.js';
import { makeWorkingFolder } from './working-folder.js';

/** How connectors are kept apart. */
export interface IsolationOptions {
  /** Files and folders that no connector may read, whatever they lie in: the host's data, its configuration. */
  readonly secretPaths?: readonly string[];
  /** The operator's proxies; connectors reach what lies behind them through the host. */
  readonly proxies?: ProxySettings;
  readonly limits?: Partial<ProcessLimits>;
  readonly restarts?: Partial<RestartTerms>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Loads each connector into a process of its own.
 * @param timeoutMs that import and binding may take together.
 */
export async function loaderApart(timeoutMs: number, options: IsolationOptions, log: Logger): Promise<Loader> {
  const { path: workingFolder, remove } = makeWorkingFolder();
  const secret = await Promise.all(
    (options.secretPaths ?? []).map((path) => realpath(path).catch(() => resolve(path))),
  );
  const own = await readingRights(await realpath(hostPackage()), secret);
  const tunnels = new Tunnels(options.proxies, log);
  const limits = { ...usualLimits, ...options.limits };
  const restarts = { ...usualRestarts, ...options.restarts };
  return {
    load: async (plugin, manifest, entry) => {
      const readable = [...new Set([...own, workingFolder, ...(await readingRights(plugin.directory, secret, own))])];
      const keeper = await Keeper.open({
        manifest,
        entry: entry.href,
        readable,
        workingFolder,
        limits,
        restarts,
        loadMs: timeoutMs,
        log: log.child({ connector: manifest.id }),
        now: options.now ?? Date.now,
      });
      return {
        parts: remoteParts(keeper, manifest, tunnels),
        standing: () => keeper.standing(),
        release: (graceMs) => keeper.close(graceMs),
      };
    },
    close: async () => {
      await tunnels.close();
      remove();
    },
  };
}
