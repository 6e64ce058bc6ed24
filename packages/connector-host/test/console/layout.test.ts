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

const amounts = [
  [0, 1],
  [1, 0],
  [15, 28],
  [200, 800],
] as const;
/** A phone, a map beside the details, and windows up to a wide screen. */
const widths = [346, 690, 1050, 1650];

describe.each(amounts.flatMap((pair) => widths.map((width) => [...pair, width] as const)))(
  '%i sources and %i others, %i pixels wide',
  (sources, fed, available) => {
    const layout = layOut(systems(sources, fed), available);
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

    test('nothing stands outside the map, and the map is no wider than there is room', () => {
      expect(layout.width).toBeLessThanOrEqual(available);
      for (const { x, y, width, height } of [layout.hub, ...layout.groups]) {
        expect(x >= 0 && y >= 0).toBe(true);
        expect(x + width <= layout.width && y + height <= layout.height).toBe(true);
      }
    });
  },
);

test('the data runs to the right where there is room for it, else down', () => {
  const some = systems(15, 28);
  expect([346, 690, 1050].map((width) => layOut(some, width).direction)).toEqual(['down', 'across', 'across']);
});

test('the same systems stand at the same places, in whatever order they come', () => {
  const some = systems(5, 12);
  for (const width of widths) expect(layOut(some.toReversed(), width)).toEqual(layOut(some, width));
});
