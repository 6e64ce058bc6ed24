/**
 * The live inventory of the systems behind connections. A detection is a row and a durable job: whichever process has time runs it, and
 * another takes it up where that one ends.
 */
import type { Clock, ConnectorManifest } from 'connector-contract';
import type { Actor } from '../access/roles.js';
import { present } from '../clock.js';
import type { Connections } from '../connections/connections.js';
import { lookedAsSet } from '../connections/look-settings.js';
import type { ConnectionView } from '../connections/view.js';
import type { Engine } from '../engine/engine.js';
import type { Logger } from '../log.js';
import { noConnection } from '../not-there.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import { HostProblem } from '../problem.js';
import type { Database } from '../store/database.js';
import type { Page } from '../store/page.js';
import { appendEvents } from '../timeline.js';
import { type LastDetection, nextDetection } from './cadence.js';
import { type ArchiveWish, archive, type TreatmentWish, treat } from './decide.js';
import {
  beginDetection,
  type DetectionRow,
  detectionById,
  lastEnded,
  latestDetections,
  runningDetection,
} from './detections.js';
import { listSystems, type SystemFilter, systemView } from './list.js';
import { runDetection } from './run-detection.js';
import { type SystemSummary, summarise } from './summary.js';
import { type DetectionTrigger, type DetectionView, detectionView, type SystemView } from './views.js';

/** What the inventory stands on. */
export interface SystemsOptions {
  readonly db: Database;
  readonly connections: Connections;
  readonly registry: ConnectorRegistry;
  readonly engine: Engine;
  /** The host's zone, in which a day begins. */
  readonly zone: string;
  readonly clock: Clock;
  readonly log: Logger;
}

const defaultWaitMs = 60_000;
const lookMs = 200;

/** When a job is given again that a process was given whose host has the connector elsewhere, in milliseconds. */
const HAND_ON_MS = 30_000;

/** How long a detection waits for a process that has its connector, in milliseconds. */
const ELSEWHERE_MS = 10 * 60_000;

/** What the cadence needs of a detection. One that began after the connection was last changed is not outdated: nothing would come of another. */
function lastOf(row: DetectionRow, view: ConnectionView, manifest: ConnectorManifest): LastDetection {
  const startedAt = row.startedAt.getTime();
  const before = row.settings === null ? row.state === 'complete' : startedAt <= Date.parse(view.updatedAt);
  return {
    state: row.state === 'complete' ? 'complete' : 'failed',
    startedAt,
    finishedAt: row.finishedAt?.getTime() ?? startedAt,
    outdated: before && !lookedAsSet(manifest, row.settings, view.config),
  };
}

/** Detections and what they found. */
export class Systems {
  readonly #ended = new Set<(id: number) => void>();

  constructor(private readonly options: SystemsOptions) {}

  /** Takes detection jobs in this process, and sees to it that every connection has its next one. Before `engine.start()` or after. */
  async work(concurrency = 2): Promise<void> {
    await this.options.engine.work('detect', concurrency, ({ connection }, { signal }) =>
      this.#job(connection, signal),
    );
  }

  /** Sends the job of the next detection of one connection, or of all: at once where it is due. Call it when a connection gets active. */
  async schedule(connection?: string): Promise<void> {
    const { connections } = this.options;
    const views = connection === undefined ? await connections.list() : [await connections.get(connection)];
    for (const view of views) {
      const due = view === undefined ? undefined : await this.#due(view);
      if (view !== undefined && due !== undefined) await this.#send(view.id, due);
    }
  }

  /**
   * Begins a detection, unless one of the connection is running, and waits for its end.
   * @param waitMs how long to wait, in milliseconds; 0 answers at once. Past it the answer says `running`.
   * @throws HostProblem `NOT_FOUND`; `STATE_FORBIDS` where the connection is not active or does not offer detection.
   */
  async detect(
    connection: string,
    trigger: DetectionTrigger = 'manual',
    { actor, waitMs = defaultWaitMs }: { readonly actor?: Actor; readonly waitMs?: number } = {},
  ): Promise<DetectionView> {
    const view = await this.options.connections.get(connection);
    if (view === undefined) throw noConnection();
    if (!view.capabilities.includes('system-detection')) {
      throw new HostProblem('STATE_FORBIDS', `The connection ${view.name} does not detect systems.`, {
        remedy: 'Use a connection whose connector offers system detection.',
      });
    }
    if (view.state !== 'active') {
      throw new HostProblem('STATE_FORBIDS', `The connection ${view.name} is ${view.state}.`, {
        remedy:
          view.state === 'paused'
            ? 'Resume the connection first.'
            : 'Give the connection a credential that works first.',
      });
    }
    const row = await this.#begin(connection, trigger, actor);
    return detectionView(waitMs > 0 ? await this.#ending(row, waitMs) : row);
  }

  /** One detection; `undefined` where there is none. */
  async detection(id: number): Promise<DetectionView | undefined> {
    const row = await detectionById(this.options.db.orm, id);
    return row === undefined ? undefined : detectionView(row);
  }

  /** The latest detections of a connection, newest first. */
  async detections(connection: string, limit = 20): Promise<DetectionView[]> {
    return (await latestDetections(this.options.db.orm, connection, limit)).map(detectionView);
  }

  /** A page of the inventory, by name. Throws HostProblem `CURSOR_INVALID`. */
  async list(filter: SystemFilter = {}): Promise<Page<SystemView>> {
    return listSystems(this.options.db, filter);
  }

  /** The numbers of the inventory, of one connection or of all. */
  async summary(connection?: string): Promise<SystemSummary> {
    return summarise(this.options.db, connection);
  }

  /** Archives a system or takes it out of the archive. Throws as {@link archive} does, and HostProblem `NOT_FOUND`. */
  async archive(connection: string, key: string, wish: ArchiveWish, actor: Actor): Promise<SystemView> {
    return this.#decided(connection, key, (at) => archive(this.options, { connection, key }, wish, actor, at));
  }

  /** Decides how people are treated in a system; `null` takes the decision back. Throws as {@link treat} does, and HostProblem `NOT_FOUND`. */
  async treat(connection: string, key: string, wish: TreatmentWish | null, actor: Actor): Promise<SystemView> {
    return this.#decided(connection, key, (at) => treat(this.options, { connection, key }, wish, actor, at));
  }

  async #decided(connection: string, key: string, decide: (at: Date) => Promise<void>): Promise<SystemView> {
    await decide(present(this.options.clock));
    const view = await systemView(this.options.db, connection, key);
    if (view === undefined)
      throw new HostProblem('NOT_FOUND', 'There is no such system in the inventory.', {
        remedy: 'List the systems of the connection to see their keys.',
      });
    return view;
  }

  async #begin(connection: string, trigger: DetectionTrigger, actor?: Actor): Promise<DetectionRow> {
    const { db, engine, clock } = this.options;
    const at = present(clock);
    return db.orm.transaction(async (tx) => {
      const found = await beginDetection(tx, connection, trigger, at);
      if (found === undefined)
        throw new HostProblem('STATE_FORBIDS', 'A detection has just ended.', { remedy: 'Try again.' });
      const { row, begun } = found;
      if (begun) {
        const data = { detection: row.id, trigger };
        await appendEvents(tx, [{ at, kind: 'detection.started', connection, actor: actor?.id, data }]);
      }
      await engine.send('detect', { connection }, {}, tx);
      return row;
    });
  }

  async #job(connection: string, signal: AbortSignal): Promise<void> {
    const { db, engine, clock } = this.options;
    const elsewhere = await this.#isElsewhere(connection);
    const running = await runningDetection(db.orm, connection);
    const row = running ?? (elsewhere ? undefined : await this.#beginDue(connection));
    if (row !== undefined && !(elsewhere && clock.now() - row.startedAt.getTime() < ELSEWHERE_MS)) {
      const ended = await runDetection(this.options, row, signal);
      for (const tell of this.#ended) tell(ended.id);
    }
    // Nothing comes of the next one here; with this job the last reminder of it would be gone.
    if (elsewhere) await engine.send('detect', { connection }, { afterMs: HAND_ON_MS });
    else await this.schedule(connection);
  }

  /** Whether this process cannot use the connector of a connection, as a worker may not on whose machine it is not installed, or was refused. */
  async #isElsewhere(connection: string): Promise<boolean> {
    const { connections, registry } = this.options;
    const view = await connections.get(connection);
    return view?.state === 'active' && registry.runner(view.connector) === undefined;
  }

  async #beginDue(connection: string): Promise<DetectionRow | undefined> {
    const { db, connections, clock } = this.options;
    const view = await connections.get(connection);
    const due = view === undefined ? undefined : await this.#due(view);
    if (due === undefined || due > clock.now()) return undefined;
    const trigger = (await lastEnded(db.orm, connection)) === undefined ? 'connected' : 'scheduled';
    return (await beginDetection(db.orm, connection, trigger, present(clock)))?.row;
  }

  /** When the next detection is due; `undefined` for a connection that is not to be looked through. */
  async #due(view: ConnectionView): Promise<number | undefined> {
    const { db, registry, clock } = this.options;
    const manifest = registry.manifest(view.connector);
    const cadence = manifest?.systemDetection?.cadenceHours;
    if (
      manifest === undefined ||
      cadence === undefined ||
      view.state !== 'active' ||
      !view.capabilities.includes('system-detection')
    )
      return undefined;
    const row = await lastEnded(db.orm, view.id);
    return nextDetection(row && lastOf(row, view, manifest), cadence, clock.now());
  }

  async #send(connection: string, due: number): Promise<void> {
    const { engine, clock } = this.options;
    const running = await runningDetection(this.options.db.orm, connection);
    const atOnce = running !== undefined || due <= clock.now();
    await engine.send('detect', { connection }, atOnce ? {} : { startAfter: new Date(due) });
  }

  async #ending(row: DetectionRow, waitMs: number): Promise<DetectionRow> {
    const giveUpAt = performance.now() + waitMs;
    let latest = row;
    while (latest.state === 'running' && performance.now() < giveUpAt) {
      await this.#endOrLook(row.id);
      latest = (await detectionById(this.options.db.orm, row.id)) ?? latest;
    }
    return latest;
  }

  // The end is told at once where it happens in this process; an end elsewhere is seen at the next look.
  async #endOrLook(id: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#ended.delete(tell);
        resolve();
      };
      const tell = (ended: number) => {
        if (ended === id) done();
      };
      const timer = setTimeout(done, lookMs);
      this.#ended.add(tell);
    });
  }
}
