import { type Clock, type DetectedSystem, type FaultData, faultData, isConnectorFault } from 'connector-contract';
import { present } from '../clock.js';
import type { Connections } from '../connections/connections.js';
import { connectionNotActive } from '../connections/faults.js';
import { lookSettings } from '../connections/look-settings.js';
import type { OpenConnection } from '../connections/opening.js';
import type { Logger } from '../log.js';
import type { Database } from '../store/database.js';
import { appendEvents } from '../timeline.js';
import { followSystems } from '../work/systems.js';
import { type DetectionRow, endDetection, holdDetection } from './detections.js';
import { closeInventory, newlyUnreached, writeSystems } from './inventory.js';

/** What a detection works with. */
export interface DetectionParts {
  readonly db: Database;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: Logger;
}

const batchSize = 500;

/**
 * Runs a detection to its end, or again from its beginning where a process before did not get there.
 * @throws ConnectorFault `ABORTED` where the signal aborts: the detection then still counts as running.
 */
export async function runDetection(
  parts: DetectionParts,
  row: DetectionRow,
  signal: AbortSignal,
): Promise<DetectionRow> {
  let open: OpenConnection | undefined;
  try {
    open = await parts.connections.open(row.connection, signal);
    if (open === undefined) throw connectionNotActive();
    let batch: DetectedSystem[] = [];
    const flush = async () => {
      if (batch.length > 0) await writeSystems(parts.db.orm, row, batch, present(parts.clock));
      batch = [];
    };
    try {
      // The connector brings the next systems only when these are written: it cannot run ahead of the database.
      for await (const system of open.runner.detect(open.ctx)) {
        batch.push(system);
        if (batch.length >= batchSize) await flush();
      }
    } finally {
      await flush();
    }
    return await complete(parts, row, settingsOf(open));
  } catch (error) {
    if (signal.aborted || !isConnectorFault(error)) throw error;
    if (error.code === 'UNAUTHENTICATED') await open?.reconnect(faultData(error));
    return fail(parts, row, faultData(error), settingsOf(open));
  }
}

function settingsOf(open: OpenConnection | undefined) {
  return open === undefined ? null : lookSettings(open.runner.manifest, open.config);
}

async function complete(parts: DetectionParts, row: DetectionRow, settings: unknown): Promise<DetectionRow> {
  const at = present(parts.clock);
  return parts.db.orm.transaction(async (tx) => {
    // What another process found that ended it meanwhile stands.
    if (!(await holdDetection(tx, row.id))) return row;
    const counts = await closeInventory(tx, row);
    const ended = await endDetection(tx, row.id, { state: 'complete', finishedAt: at, settings, ...counts });
    if (ended === undefined) return row;
    const data = { detection: row.id, ...counts, ...(await newlyUnreached(tx, row)) };
    await appendEvents(tx, [{ at, kind: 'detection.complete', connection: row.connection, data }]);
    await followSystems(tx, row.connection, at);
    return ended;
  });
}

async function fail(
  parts: DetectionParts,
  row: DetectionRow,
  fault: FaultData,
  settings: unknown,
): Promise<DetectionRow> {
  const at = present(parts.clock);
  parts.log.warn({ connection: row.connection, detection: row.id, code: fault.code }, 'A detection failed');
  return parts.db.orm.transaction(async (tx) => {
    const ended = await endDetection(tx, row.id, { state: 'failed', finishedAt: at, fault, settings });
    if (ended === undefined) return row;
    const data = { detection: row.id, code: fault.code, message: fault.message };
    await appendEvents(tx, [{ at, kind: 'detection.failed', connection: row.connection, data }]);
    return ended;
  });
}
