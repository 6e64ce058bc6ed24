/**
 * Where everything stands on the map: sources, the connection, and what it feeds by coverage, from left to right, or from
 * top to bottom where there is no room for that. The map is made for the width there is, so that nothing must be made smaller.
 */
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
  /** Relative to the box. */
  readonly systems: readonly (Place & { readonly system: System })[];
}

/** The whole map. */
export interface MapLayout {
  /** The way of the data: to the right, or down. */
  readonly direction: 'across' | 'down';
  readonly width: number;
  readonly height: number;
  readonly hub: Place;
  readonly groups: readonly Group[];
}

const box = { least: 136, most: 216, height: 42, gap: 8, inner: 10, head: 32, between: 12 } as const;
const hubSize = { width: 120, height: 104 } as const;
/** Between boxes and the connection, where the lines run. */
const corridor = { across: 44, down: 32 } as const;

/** What one box is made of, before it has a place. */
type Members = Pick<Group, 'id' | 'coverage'> & { readonly members: readonly System[] };
type Columns = { readonly count: number; readonly width: number };

const chrome = (columns: number) => (columns === 0 ? 0 : (columns - 1) * box.gap + 2 * box.inner);
const widthOf = ({ count, width }: Columns) => count * width + chrome(count);
const heightOf = (count: number, columns: number) =>
  box.head + Math.ceil(count / columns) * (box.height + box.gap) - box.gap + box.inner;
const stackHeight = (boxes: readonly Members[], columns: number) =>
  boxes.reduce((sum, { members }) => sum + heightOf(members.length, columns) + box.between, -box.between);
const largest = (boxes: readonly Members[]) => Math.max(0, ...boxes.map(({ members }) => members.length));

/** Boxes below each other. */
function stack(boxes: readonly Members[], x: number, top: number, columns: Columns): readonly Group[] {
  let y = top;
  return boxes.map(({ members, ...rest }) => {
    const place = { x, y, width: widthOf(columns), height: heightOf(members.length, columns.count) };
    y += place.height + box.between;
    return {
      ...rest,
      ...place,
      systems: members.map((system, at) => ({
        system,
        x: box.inner + (at % columns.count) * (columns.width + box.gap),
        y: box.head + Math.floor(at / columns.count) * (box.height + box.gap),
        width: columns.width,
        height: box.height,
      })),
    };
  });
}

/** As wide as there is room for, within what is easily read. */
const cardWidth = (room: number, cards: number) =>
  Math.min(box.most, Math.max(box.least, Math.floor(room / Math.max(1, cards))));

/** From left to right with the columns that make the lowest map; undefined where the width does not allow it. */
function across(left: readonly Members[], right: readonly Members[], available: number): MapLayout | undefined {
  const sides = [left, right].filter(({ length }) => length > 0).length;
  let best: { leftCount: number; rightCount: number; room: number; height: number } | undefined;
  const leftMost = largest(left);
  const rightMost = largest(right);
  for (let leftCount = Math.min(1, leftMost); leftCount <= leftMost; leftCount++) {
    for (let rightCount = Math.min(2, rightMost); rightCount <= rightMost; rightCount++) {
      const room = available - hubSize.width - sides * corridor.across - chrome(leftCount) - chrome(rightCount);
      if (room < (leftCount + rightCount) * box.least) break;
      const height = Math.max(hubSize.height, stackHeight(left, leftCount), stackHeight(right, rightCount));
      if (best === undefined || height < best.height) best = { leftCount, rightCount, room, height };
    }
  }
  if (best === undefined) return undefined;
  const { leftCount, rightCount, room, height } = best;
  const width = cardWidth(room, leftCount + rightCount);
  const leftColumns = { count: leftCount, width };
  const rightColumns = { count: rightCount, width };
  const hubX = left.length === 0 ? 0 : widthOf(leftColumns) + corridor.across;
  const rightX = hubX + hubSize.width + (right.length === 0 ? 0 : corridor.across);
  const middle = (own: number) => (height - own) / 2;
  return {
    direction: 'across',
    width: rightX + widthOf(rightColumns),
    height,
    hub: { ...hubSize, x: hubX, y: middle(hubSize.height) },
    groups: [
      ...stack(left, 0, middle(stackHeight(left, leftCount)), leftColumns),
      ...stack(right, rightX, middle(stackHeight(right, rightCount)), rightColumns),
    ],
  };
}

/** From top to bottom. */
function down(above: readonly Members[], below: readonly Members[], available: number): MapLayout {
  const fitting = Math.floor((available - 2 * box.inner + box.gap) / (box.least + box.gap));
  const count = Math.max(1, Math.min(fitting, largest([...above, ...below])));
  const columns = { count, width: cardWidth(available - chrome(count), count) };
  const width = Math.max(hubSize.width, widthOf(columns));
  const x = (width - widthOf(columns)) / 2;
  const hubY = above.length === 0 ? 0 : stackHeight(above, count) + corridor.down;
  const belowY = hubY + hubSize.height + (below.length === 0 ? 0 : corridor.down);
  return {
    direction: 'down',
    width,
    height: belowY + (below.length === 0 ? 0 : stackHeight(below, count)),
    hub: { ...hubSize, x: (width - hubSize.width) / 2, y: hubY },
    groups: [...stack(above, x, 0, columns), ...stack(below, x, belowY, columns)],
  };
}

/** Places the systems in a map of at most that many pixels in width. The same systems always stand at the same places. */
export function layOut(systems: readonly System[], available: number): MapLayout {
  const byName = systems.toSorted((a, b) => a.name.localeCompare(b.name) || a.key.localeCompare(b.key));
  const boxes: readonly Members[] = [
    { id: 'sources', members: byName.filter(({ kind }) => kind === 'source') },
    ...coverageOrder.map((coverage) => ({
      id: `fed-${coverage}`,
      coverage,
      members: byName.filter((one) => one.kind !== 'source' && one.coverage.state === coverage),
    })),
  ].filter(({ members }) => members.length > 0);
  const sources = boxes.filter(({ coverage }) => coverage === undefined);
  const fed = boxes.filter(({ coverage }) => coverage !== undefined);
  return across(sources, fed, available) ?? down(sources, fed, available);
}
