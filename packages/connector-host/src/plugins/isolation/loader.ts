import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from 'connector-contract/loading';
import { given } from '../../given.js';
import type { Logger } from '../../log.js';
import type { Loader } from '../loader.js';
import type { Develop } from './develop.js';
import { Keeper } from './keeper.js';
import { type Enclosure, hostPackage } from './launch.js';
import { type ProcessLimits, type RestartTerms, usualLimits, usualRestarts } from './limits.js';
import type { ProxySettings } from './proxies.js';
import { outermost, readingRights, shownFolders } from './reading-rights.js';
import { remoteParts } from './remote-parts.js';
import { Tunnels } from './tunnels.js';
import { Door } from './wall/door.js';
import type { FoundWall, Wall } from './wall/wall.js';
import { makeDoorFolder, makeWorkingFolder } from './working-folder.js';

/** How connectors are kept apart. */
export interface IsolationOptions {
  /** Files and folders that no connector may read, whatever they lie in: the host's data, its configuration. */
  readonly secretPaths?: readonly string[];
  /** The operator's proxies; connectors reach what lies behind them through the host. */
  readonly proxies?: ProxySettings;
  /** Runs no connector where there is no wall. */
  readonly requireWall?: boolean;
  /** Whether each connector is rehearsed as it is loaded (`rehearse` of the contract): to examine it, not to use it. */
  readonly rehearse?: boolean;
  /** Present where somebody is writing the connectors. */
  readonly develop?: Develop;
  readonly limits?: Partial<ProcessLimits>;
  readonly restarts?: Partial<RestartTerms>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Loads each connector into a process of its own.
 * @param found the wall around these processes, or why there is none.
 * @param timeoutMs that import and binding may take together.
 */
export async function loaderApart(
  found: FoundWall,
  timeoutMs: number,
  options: IsolationOptions,
  log: Logger,
): Promise<Loader> {
  const { path: workingFolder, remove } = makeWorkingFolder();
  const doors = makeDoorFolder();
  const secret = await Promise.all(
    (options.secretPaths ?? []).map((path) => realpath(path).catch(() => resolve(path))),
  );
  const program = await realpath(hostPackage());
  const own = await readingRights(program, secret);
  const ownShown = 'wall' in found ? await shownFolders(program, secret) : [];
  // Behind the wall, each connector's own door asks the proxy.
  const tunnels = new Tunnels('wall' in found ? undefined : options.proxies, log);
  const limits = { ...usualLimits, ...options.limits };
  const restarts = { ...usualRestarts, ...options.restarts };
  const enclose = async (wall: Wall, directory: string, connectorLog: Logger): Promise<Enclosure> => {
    const shown = outermost([...ownShown, ...(await shownFolders(directory, secret))]);
    const door = await Door.open(doors.next(), options.proxies, connectorLog);
    return { wall, door, shown };
  };
  return {
    isolated: 'wall' in found ? { isolation: 'wall' } : { isolation: 'fence', reason: found.reason },
    load: async (plugin, manifest, entry) => {
      if (options.requireWall === true && !('wall' in found)) {
        throw new Refusal('WALL_REQUIRED', `There is no wall around connectors here: ${found.reason}.`);
      }
      const readable = [...new Set([...own, workingFolder, ...(await readingRights(plugin.directory, secret, own))])];
      const connectorLog = log.child({ connector: manifest.id });
      const enclosure = 'wall' in found ? await enclose(found.wall, plugin.directory, connectorLog) : undefined;
      const keeper = await Keeper.open({
        manifest,
        entry: entry.href,
        readable,
        workingFolder,
        limits,
        restarts,
        loadMs: timeoutMs,
        rehearse: options.rehearse === true,
        log: connectorLog,
        now: options.now ?? Date.now,
        ...given({ enclosure, develop: options.develop }),
      }).catch((error: unknown) => {
        enclosure?.door.close();
        throw error;
      });
      return {
        parts: remoteParts(keeper, manifest, tunnels),
        standing: () => keeper.standing(),
        release: async (graceMs) => {
          await keeper.close(graceMs);
          enclosure?.door.close();
        },
      };
    },
    close: async () => {
      await tunnels.close();
      doors.remove();
      remove();
    },
  };
}
