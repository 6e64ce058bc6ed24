/** Where everything stands on the map: sources on the left, the connection in the middle, what it feeds on the right by coverage. */
import type { CoverageState } from 'connector-contract';
import type { System } from '../api/model.js';
import { coverageOrder } from '../words/common.js';

/** A rectangle on the map, in pixels at full size. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box of systems. */
export interface Group extends Place {
  readonly id: string;
  /** Absent for sources. */
  readonly coverage?: CoverageState;
  readonly systems: readonly (Place & { readonly system: System })[];
}

/** The whole map. */
export interface MapLayout {
  readonly hub: Place;
  readonly groups: readonly Group[];
}

const box = { width: 188, height: 46, gap: 10, inner: 14, head: 34, between: 22 } as const;
const hubSize = { width: 176, height: 92 } as const;
const corridor = 130;

/** So many systems stand side by side: a map of any size stays about as wide as it is high. */
function columnsFor(count: number, least: number): number {
  return Math.max(least, Math.ceil(Math.sqrt(count / 4.5)));
}

function groupAt(
  id: string,
  systems: readonly System[],
  x: number,
  y: number,
  columns: number,
  coverage?: CoverageState,
): Group {
  const wide = Math.min(columns, Math.max(1, systems.length));
  const rows = Math.ceil(systems.length / wide);
  const step = { x: box.width + box.gap, y: box.height + box.gap };
  return {
    id,
    ...(coverage === undefined ? {} : { coverage }),
    x,
    y,
    width: columns * step.x - box.gap + 2 * box.inner,
    height: box.head + rows * step.y - box.gap + box.inner,
    systems: systems.map((system, at) => ({
      system,
      x: box.inner + (at % wide) * step.x,
      y: box.head + Math.floor(at / wide) * step.y,
      width: box.width,
      height: box.height,
    })),
  };
}

/** Places the systems. The same systems always stand at the same places. */
export function layOut(systems: readonly System[]): MapLayout {
  const byName = systems.toSorted((a, b) => a.name.localeCompare(b.name) || a.key.localeCompare(b.key));
  const sources = byName.filter(({ kind }) => kind === 'source');
  const fed = byName.filter(({ kind }) => kind !== 'source');
  const sourceGroup =
    sources.length === 0 ? undefined : groupAt('sources', sources, 0, 0, columnsFor(sources.length, 1));
  const hubX = (sourceGroup?.width ?? -corridor) + corridor;
  const rightX = hubX + hubSize.width + corridor;
  const columns = columnsFor(fed.length, 2);
  const right: Group[] = [];
  let y = 0;
  for (const coverage of coverageOrder) {
    const members = fed.filter((one) => one.coverage.state === coverage);
    if (members.length === 0) continue;
    const group = groupAt(`fed-${coverage}`, members, rightX, y, columns, coverage);
    right.push(group);
    y += group.height + box.between;
  }
  const rightHeight = Math.max(0, y - box.between);
  const height = Math.max(rightHeight, sourceGroup?.height ?? 0, hubSize.height);
  const centred = <T extends Place>(place: T, own: number): T => ({ ...place, y: place.y + (height - own) / 2 });
  return {
    hub: { ...hubSize, x: hubX, y: (height - hubSize.height) / 2 },
    groups: [
      ...(sourceGroup === undefined ? [] : [centred(sourceGroup, sourceGroup.height)]),
      ...right.map((group) => centred(group, rightHeight)),
    ],
  };
}
