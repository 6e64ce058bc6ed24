/** Where systems stand on the map. */
import { describe, expect, test } from '@jest/globals';
import type { System } from '../../console/src/api/model.js';
import { layOut, type Place } from '../../console/src/map/layout.js';

const states = ['reached', 'forwarded', 'needs-setup', 'not-reached', 'unknown'] as const;

function systems(sources: number, fed: number): System[] {
  return Array.from({ length: sources + fed }, (_, at) => ({
    connection: 'c',
    key: `s${at}`,
    name: `System ${at}`,
    kind: at < sources ? 'source' : 'destination',
    vendor: { name: 'Vendor', slug: 'vendor' },
    categories: [],
    coverage: { state: states[at % states.length] ?? 'unknown', reason: '', source: { title: '', url: '', asOf: '' } },
    seenIn: [],
    connectedTo: [],
    firstSeen: '',
    lastSeen: '',
    state: 'active',
    changes: [],
  }));
}

const apart = (a: Place, b: Place) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe.each([
  [0, 1],
  [1, 0],
  [15, 28],
  [200, 800],
])('%i sources and %i others', (sources, fed) => {
  const layout = layOut(systems(sources, fed));
  const places = layout.groups.flatMap((group) =>
    group.systems.map((one) => ({ ...one, x: one.x + group.x, y: one.y + group.y, group })),
  );

  test('every system has a place, in the box it belongs to', () => {
    expect(places.length).toBe(sources + fed);
    for (const { group, system, x, y, width, height } of places) {
      expect(group.coverage).toBe(system.kind === 'source' ? undefined : system.coverage.state);
      expect(x >= group.x && y >= group.y).toBe(true);
      expect(x + width <= group.x + group.width && y + height <= group.y + group.height).toBe(true);
    }
  });

  test('nothing covers anything', () => {
    const boxes: readonly Place[] = [layout.hub, ...layout.groups];
    for (const [at, one] of boxes.entries())
      for (const other of boxes.slice(at + 1)) expect(apart(one, other)).toBe(true);
    for (const group of layout.groups) {
      const [first, second] = group.systems;
      if (first !== undefined && second !== undefined) expect(apart(first, second)).toBe(true);
    }
  });
});

test('the same systems stand at the same places, in whatever order they come', () => {
  const some = systems(5, 12);
  expect(layOut(some.toReversed())).toEqual(layOut(some));
});
