import {
  type ConnectorContext,
  ConnectorFault,
  type DetectedSystem,
  isConnectorFault,
  type SystemDetectionCapability,
} from 'connector-contract';
import { injectable } from 'inversify';
import { openSegment } from '../segment/connect.js';
import type { RegulationType, Segment, SourceRecord } from '../segment/segment.js';
import { regulationTypeOf } from './regulation-reach.js';
import { destinationSystem, sourceSystem, systemKey, warehouseSystem } from './system.js';

/** A source that waits to be told what it feeds. */
interface OpenSource {
  readonly record: SourceRecord;
  readonly feeds: string[];
}

async function readSources(segment: Segment): Promise<Map<string, OpenSource>> {
  const sources = new Map<string, OpenSource>();
  for await (const record of segment.sources()) {
    // A page that moved while it was read brings a source twice.
    if (!sources.has(record.id)) sources.set(record.id, { record, feeds: [] });
  }
  return sources;
}

/**
 * Every system once. Sources are read first and told last, when it is known what they feed: they are the fewest. Destinations
 * and warehouses pass through as they come, and only their keys stay.
 */
async function* systemsOf(segment: Segment, type: RegulationType): AsyncGenerator<DetectedSystem, void, undefined> {
  const sources = await readSources(segment);
  const told = new Set<string>();

  for await (const record of segment.destinations()) {
    const key = systemKey('destination', record.id);
    if (told.has(key)) continue;
    told.add(key);
    const source = sources.get(record.sourceId ?? '');
    source?.feeds.push(key);
    yield destinationSystem(record, source?.record, type);
  }

  for await (const record of segment.warehouses()) {
    const key = systemKey('warehouse', record.id);
    if (told.has(key)) continue;
    told.add(key);
    const fedBy = [...new Set(record.sourceIds)].flatMap((id) => sources.get(id) ?? []);
    for (const source of fedBy) source.feeds.push(key);
    yield warehouseSystem(
      record,
      fedBy.map((source) => source.record),
      type,
    );
  }

  for (const { record, feeds } of sources.values()) yield sourceSystem(record, feeds, type);
}

/** Finds the sources, destinations and warehouses of the workspace, and says what a deletion does to each. */
@injectable()
export class SegmentDetection implements SystemDetectionCapability {
  async *detect(ctx: ConnectorContext): AsyncGenerator<DetectedSystem, void, undefined> {
    try {
      yield* systemsOf(openSegment(ctx), regulationTypeOf(ctx.config));
    } catch (error) {
      if (isConnectorFault(error)) throw error;
      throw ConnectorFault.of(
        'CONNECTOR_BUG',
        'The detection failed for a reason that the connector does not understand.',
      );
    }
  }
}
