/** Where systems stand on the map, and what of it is seen. */
import { describe, expect, test } from '@jest/globals';
import type { System } from '../../console/src/api/model.js';
import { layOut, type Place } from '../../console/src/map/layout.js';
import { margin, viewOf } from '../../console/src/map/view.js';

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

describe('the view', () => {
  const few = layOut(systems(5, 12), 1022);
  const many = layOut(systems(200, 800), 1022);
  const frame = { width: 1050, height: 860 };
  const shownOf = (layout: typeof few, key: string) => {
    const group = layout.groups.find(({ systems: inside }) => inside.some(({ system }) => system.key === key));
    const one = group?.systems.find(({ system }) => system.key === key);
    const { y, zoom } = viewOf(layout, frame, key);
    return y + ((group?.y ?? 0) + (one?.y ?? 0)) * zoom;
  };

  test('shows the whole map in the middle, no larger than it was made, also where one is chosen', () => {
    for (const selected of [undefined, 's0', 's16']) {
      const { x, y, zoom } = viewOf(few, frame, selected);
      expect(zoom).toBe(1);
      expect(x).toBeCloseTo((frame.width - few.width) / 2);
      expect(y).toBeCloseTo((frame.height - few.height) / 2);
    }
  });

  test('is a little smaller where that shows all, and no smaller than can be read', () => {
    expect(viewOf(few, { width: few.width * 0.97 + 2 * margin, height: 860 }, undefined).zoom).toBeCloseTo(0.97);
    expect(viewOf(few, { width: few.width / 2, height: 860 }, undefined).zoom).toBe(0.95);
  });

  test('of a map that is too high shows every system that is chosen, and nothing beyond its ends', () => {
    expect(many.height).toBeGreaterThan(frame.height);
    for (const { system } of many.groups.flatMap((group) => group.systems)) {
      const top = shownOf(many, system.key);
      expect(top > 0 && top + 42 < frame.height).toBe(true);
      const { y, zoom } = viewOf(many, frame, system.key);
      expect(y).toBeLessThanOrEqual(margin);
      expect(y + many.height * zoom).toBeGreaterThanOrEqual(frame.height - margin - 0.001);
    }
  });

  test('of a map that is too high shows its middle, where the connection stands, while none is chosen', () => {
    const { y, zoom } = viewOf(many, frame, undefined);
    expect(y + (many.height / 2) * zoom).toBeCloseTo(frame.height / 2);
  });
});
