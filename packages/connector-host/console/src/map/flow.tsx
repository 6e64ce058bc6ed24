import Box from '@mui/material/Box';
import { useColorScheme, useTheme } from '@mui/material/styles';
import { Background, BackgroundVariant, Controls, type Edge, type Node, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactNode, useMemo } from 'react';
import type { System } from '../api/model.js';
import { coverageWords, kindsWords } from '../words/common.js';
import { mapWords } from '../words/map.js';
import { layOut } from './layout.js';
import { type HubData, nodeTypes } from './nodes.js';

/** Props of {@link SystemFlow}. */
export interface SystemFlowProps {
  readonly systems: readonly System[];
  readonly selected: string | undefined;
  readonly hub: HubData;
  onSelect(key: string | undefined): void;
}

/** The map. Every system is a button, so it works by keyboard too. */
export function SystemFlow({ systems, selected, hub, onSelect }: SystemFlowProps): ReactNode {
  const theme = useTheme();
  const { mode, systemMode } = useColorScheme();
  const dark = (mode === 'system' ? systemMode : mode) === 'dark';
  const layout = useMemo(() => layOut(systems), [systems]);
  const near = useMemo(() => nearOf(systems, selected), [systems, selected]);
  const palette = (theme.vars ?? theme).palette;
  const nodes: Node[] = [
    {
      id: 'hub',
      type: 'hub',
      position: layout.hub,
      width: layout.hub.width,
      height: layout.hub.height,
      data: { ...hub },
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
            stroke: group.coverage === undefined ? palette.line.strong : palette.coverage[group.coverage],
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
    <Box
      role="group"
      aria-label={mapWords.mapLabel}
      sx={{
        height: '100%',
        minHeight: 460,
        '--xy-background-color': 'transparent',
        '& .react-flow__attribution': { display: 'none' },
      }}
    >
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
        fitView
        fitViewOptions={{
          padding: near === undefined ? 0.04 : 0.12,
          maxZoom: 1,
          ...(near === undefined ? {} : { nodes: ['hub', ...near].map((id) => ({ id })) }),
        }}
        onPaneClick={() => onSelect(undefined)}
        style={{ background: 'transparent' }}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </Box>
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
