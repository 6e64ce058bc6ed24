import Box from '@mui/material/Box';
import { useColorScheme, useTheme } from '@mui/material/styles';
import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  type FitViewOptions,
  type Node,
  ReactFlow,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { System } from '../api/model.js';
import { coverageWords, kindsWords } from '../words/common.js';
import { mapWords } from '../words/map.js';
import { layOut, type MapLayout } from './layout.js';
import { type HubData, nodeTypes } from './nodes.js';
import { useWidth } from './width.js';

/** Props of {@link SystemFlow}. */
export interface SystemFlowProps {
  readonly systems: readonly System[];
  readonly selected: string | undefined;
  readonly hub: HubData;
  onSelect(key: string | undefined): void;
}

/** Around the map, in pixels. */
const margin = 14;
/** The smallest text, of 12 pixels, stays readable; who wants to see more at once makes it smaller. */
const fitting = { padding: `${margin}px`, minZoom: 0.95, maxZoom: 1 } as const;

/** The map, as wide as its container and as high as it needs. Every system is a button, so it works by keyboard too. */
export function SystemFlow(props: SystemFlowProps): ReactNode {
  const [container, width] = useWidth();
  const { systems } = props;
  const layout = useMemo(() => layOut(systems, width - 2 * margin), [systems, width]);
  const height = layout.height + 2 * margin;
  return (
    <Box
      ref={container}
      role="group"
      aria-label={mapWords.mapLabel}
      sx={{
        // A map of very many systems stays within the window and is moved; one from top to bottom scrolls with the page.
        height: layout.direction === 'down' ? height : `min(${height}px, max(1200px, 100dvh))`,
        minHeight: 320,
        '--xy-background-color': 'transparent',
        '& .react-flow__attribution': { display: 'none' },
      }}
    >
      {width === 0 ? null : <Canvas key={layout.direction} {...props} layout={layout} />}
    </Box>
  );
}

/** Fits the map again whenever it or its container changes. */
function Fit({ layout, options }: { readonly layout: MapLayout; readonly options: FitViewOptions }): null {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const element = useStore((state) => state.domNode);
  const focus = height < layout.height ? options.nodes?.[0]?.id : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the size is what it is fitted to.
  useEffect(() => {
    const { nodes: _nodes, ...whole } = options;
    void fitView(focus === undefined ? whole : options).then(() =>
      // The details beside the map move everything: what was chosen is kept in sight.
      element?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest' }),
    );
  }, [fitView, layout, width, height, focus, element]);
  return null;
}

function Canvas({
  systems,
  selected,
  hub,
  onSelect,
  layout,
}: SystemFlowProps & { readonly layout: MapLayout }): ReactNode {
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
          zIndex: 5,
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
      <Fit layout={layout} options={selected === undefined ? fitting : { ...fitting, nodes: [{ id: selected }] }} />
      <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
      {movable ? <Controls showInteractive={false} position="bottom-left" fitViewOptions={fitting} /> : null}
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
