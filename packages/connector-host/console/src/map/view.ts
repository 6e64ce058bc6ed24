/** Which part of the map is seen, and at what size. */
import type { MapLayout } from './layout.js';

/** Left free around the map, in pixels. */
export const margin = 14;
/** The smallest text, of 12 pixels, stays readable; who wants to see more at once makes it smaller. */
export const zooms = { least: 0.95, most: 1 } as const;

/** Where the map's left upper corner stands in its frame, in pixels, and how much it is enlarged. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/**
 * The whole map in the middle of its frame. Where it is too high for that, the system with the key `selected` is in the middle, as far
 * as the map goes. Computed from the layout, because what the drawing measured may still be of the layout before.
 */
export function viewOf(
  layout: MapLayout,
  frame: { readonly width: number; readonly height: number },
  selected: string | undefined,
): View {
  const room = { width: frame.width - 2 * margin, height: frame.height - 2 * margin };
  const fitting = Math.min(room.width / layout.width, room.height / layout.height);
  const zoom = Math.min(zooms.most, Math.max(zooms.least, fitting));
  const x = (frame.width - layout.width * zoom) / 2;
  const spare = frame.height - layout.height * zoom;
  const middle = middleOf(layout, selected);
  if (spare >= 2 * margin || middle === undefined) return { x, y: spare / 2, zoom };
  return { x, y: Math.min(margin, Math.max(spare - margin, frame.height / 2 - middle * zoom)), zoom };
}

/** How far down the middle of a system stands on the map. */
function middleOf({ groups }: MapLayout, key: string | undefined): number | undefined {
  for (const group of groups) {
    const found = group.systems.find(({ system }) => system.key === key);
    if (found !== undefined) return group.y + found.y + found.height / 2;
  }
  return undefined;
}
