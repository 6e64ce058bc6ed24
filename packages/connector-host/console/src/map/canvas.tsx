import { useColorScheme, useTheme } from '@mui/material/styles';
import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  type Node,
  ReactFlow,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { System } from '../api/model.js';
import { coverageWords, kindsWords } from '../words/common.js';
import type { MapLayout } from './layout.js';
import { type HubData, nodeTypes } from './nodes.js';
import { margin, viewOf, zooms } from './view.js';

/** Props of {@link Canvas}. */
export interface CanvasProps {
  readonly systems: readonly System[];
  readonly layout: MapLayout;
  readonly selected: string | undefined;
  readonly hub: HubData;
  onSelect(key: string | undefined): void;
}

const fitting = { padding: `${margin}px`, minZoom: zooms.least, maxZoom: zooms.most } as const;

/** Draws what was laid out, and the lines between. */
export function Canvas({ systems, selected, hub, onSelect, layout }: CanvasProps): ReactNode {
  const theme = useTheme();
  const { mode, systemMode } = useColorScheme();
  const dark = (mode === 'system' ? systemMode : mode) === 'dark';
  const { direction } = layout;
  const movable = direction === 'across';
  const near = useMemo(() => nearOf(systems, selected), [systems, selected]);
  const palette = (theme.vars ?? theme).palette;
  const nodes: Node[] = [
    {
      id: 'hub',
      type: 'hub',
      position: layout.hub,
      width: layout.hub.width,
      height: layout.hub.height,
      data: { ...hub, direction },
      focusable: false,
    },
    ...layout.groups.flatMap((group): Node[] => [
      {
        id: group.id,
        type: 'box',
        position: group,
        width: group.width,
        height: group.height,
        focusable: false,
        data: {
          direction,
          title: group.coverage === undefined ? kindsWords.source : coverageWords[group.coverage],
          count: group.systems.length,
          colour: group.coverage === undefined ? palette.line.strong : palette.coverage[group.coverage],
          side: group.coverage === undefined ? 'source' : 'fed',
        },
      },
      ...group.systems.map(
        ({ system, ...place }): Node => ({
          id: system.key,
          type: 'system',
          parentId: group.id,
          position: place,
          width: place.width,
          height: place.height,
          focusable: false,
          // What cannot be moved would let clicks through.
          style: { pointerEvents: 'all' },
          data: {
            direction,
            system,
            dim: near !== undefined && !near.has(system.key),
            selected: system.key === selected,
            onSelect,
          },
        }),
      ),
    ]),
  ];
  const edges: Edge[] =
    near === undefined
      ? layout.groups.map((group) => ({
          id: `to ${group.id}`,
          source: group.coverage === undefined ? group.id : 'hub',
          target: group.coverage === undefined ? 'hub' : group.id,
          focusable: false,
          style: {
            // Downwards the lines lie upon each other.
            stroke:
              group.coverage === undefined || direction === 'down'
                ? palette.line.strong
                : palette.coverage[group.coverage],
            strokeWidth: 2,
          },
        }))
      : edgesOf(systems, near).map(([source, target]) => ({
          id: `${source} ${target}`,
          source,
          target,
          focusable: false,
          // Above the boxes, below the systems: lines are as high as what they lead to.
          zIndex: 0,
          style: { stroke: palette.primary.main, strokeWidth: 2 },
        }));
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      colorMode={dark ? 'dark' : 'light'}
      minZoom={0.15}
      maxZoom={1.6}
      panOnDrag={movable}
      // The wheel scrolls the page: the map is a part of it.
      zoomOnScroll={false}
      zoomOnPinch={movable}
      zoomOnDoubleClick={movable}
      preventScrolling={false}
      onPaneClick={() => onSelect(undefined)}
      style={{ background: 'transparent', touchAction: movable ? 'none' : 'pan-y' }}
    >
      <Fit layout={layout} selected={selected} />
      <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
      {movable ? (
        <Controls
          showInteractive={false}
          orientation="horizontal"
          position="bottom-left"
          fitViewOptions={fitting}
          // Below the connection, where no system stands.
          style={{
            left: `calc(50% + ${layout.hub.x + (layout.hub.width - layout.width) / 2}px)`,
            transform: 'translateX(-50%)',
            marginInline: 0,
          }}
        />
      ) : null}
    </ReactFlow>
  );
}

/** The way through the connection: from the sources that are near to it, and on to what is near. */
function edgesOf(systems: readonly System[], near: ReadonlySet<string>): readonly (readonly [string, string])[] {
  return systems
    .filter(({ key }) => near.has(key))
    .map(({ key, kind }) => (kind === 'source' ? ([key, 'hub'] as const) : (['hub', key] as const)));
}

/** A system with everything it is connected to, whichever of the two says so. */
function nearOf(systems: readonly System[], selected: string | undefined): ReadonlySet<string> | undefined {
  const one = systems.find(({ key }) => key === selected);
  if (one === undefined) return undefined;
  const others = systems.filter(({ connectedTo }) => connectedTo.includes(one.key)).map(({ key }) => key);
  return new Set([one.key, ...one.connectedTo, ...others]);
}

/** Fits the map again whenever its size, its container's or the choice changes; moves it to a system that gets the focus out of sight. */
function Fit({ layout, selected }: Pick<CanvasProps, 'layout' | 'selected'>): null {
  const { setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const element = useStore((state) => state.domNode);
  useEffect(() => {
    void setViewport(viewOf(layout, { width, height }, selected)).then(() => {
      // The details beside the map move everything: what was chosen stays in sight.
      if (selected !== undefined) element?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest' });
    });
  }, [setViewport, layout, width, height, selected, element]);
  useEffect(() => {
    const show = ({ target }: FocusEvent) => {
      const card = target instanceof Element ? target.closest('.react-flow__node') : null;
      const [inner, outer] = [card?.getBoundingClientRect(), element?.getBoundingClientRect()];
      if (inner === undefined || outer === undefined || (inner.top >= outer.top && inner.bottom <= outer.bottom))
        return;
      void setViewport(viewOf(layout, { width, height }, card?.getAttribute('data-id') ?? undefined));
    };
    element?.addEventListener('focusin', show);
    return () => element?.removeEventListener('focusin', show);
  }, [setViewport, layout, width, height, element]);
  return null;
}
