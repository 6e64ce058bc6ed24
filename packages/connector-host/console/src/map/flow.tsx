import Box from '@mui/material/Box';
import { useColorScheme, useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactNode, useMemo } from 'react';
import type { System } from '../api/model.js';
import { ConnectorIcon } from '../connect/icon.js';
import { coverageLook } from '../look/chips.js';
import { coverageWords, kindsWords, kindWords } from '../words/common.js';
import { mapWords } from '../words/map.js';
import { layOut } from './layout.js';

type SystemData = { system: System; dim: boolean; selected: boolean; onSelect(key: string): void };
type GroupData = { title: string; count: number; colour: string; side: 'source' | 'fed' };
type HubData = { name: string; product: string; icon: string | undefined };

/** Props of {@link SystemFlow}. */
export interface SystemFlowProps {
  readonly systems: readonly System[];
  readonly selected: string | undefined;
  readonly hub: HubData;
  onSelect(key: string | undefined): void;
}

function SystemNode({ data }: NodeProps<Node<SystemData>>): ReactNode {
  const { system, dim, selected, onSelect } = data;
  const [, Icon] = coverageLook[system.coverage.state];
  const label = `${system.name}, ${kindWords[system.kind]}, ${coverageWords[system.coverage.state]}`;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} style={{ opacity: 0 }} />
      <Box
        component="button"
        type="button"
        className="nopan"
        aria-label={label}
        aria-pressed={selected}
        onClick={() => onSelect(system.key)}
        sx={{
          all: 'unset',
          boxSizing: 'border-box',
          width: '100%',
          height: '100%',
          display: 'flex',
          alignItems: 'center',
          gap: 1,
          px: 1.25,
          cursor: 'pointer',
          bgcolor: 'background.paper',
          color: 'text.primary',
          border: 1,
          borderColor: selected ? 'primary.main' : 'line.main',
          borderLeft: 4,
          borderLeftColor: `coverage.${system.coverage.state}`,
          borderRadius: 1,
          opacity: dim ? 0.3 : 1,
          boxShadow: selected ? '0 0 0 2px var(--mui-palette-primary-main)' : 'none',
          '&:hover': { borderColor: 'primary.main', borderLeftColor: `coverage.${system.coverage.state}` },
          '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: 2 },
        }}
      >
        <Box sx={{ minWidth: 0, flex: 1 }}>
          <Box
            sx={{
              fontSize: '0.8125rem',
              fontWeight: 600,
              lineHeight: 1.25,
              overflow: 'hidden',
              textOverflow: 'ellipsis',
              whiteSpace: 'nowrap',
            }}
          >
            {system.name}
          </Box>
          <Box
            sx={{
              fontSize: '0.6875rem',
              color: 'text.secondary',
              overflow: 'hidden',
              textOverflow: 'ellipsis',
              whiteSpace: 'nowrap',
            }}
          >
            {system.change === 'new' || system.change === 'gone' ? `${mapWords.change[system.change]} · ` : ''}
            {system.vendor.name === system.name ? kindWords[system.kind] : system.vendor.name}
            {system.enabled === false ? ' · off' : ''}
          </Box>
        </Box>
        <Icon aria-hidden sx={{ fontSize: 16, color: `coverage.${system.coverage.state}` }} />
      </Box>
      <Handle type="source" position={Position.Right} isConnectable={false} style={{ opacity: 0 }} />
    </>
  );
}

function GroupNode({ data }: NodeProps<Node<GroupData>>): ReactNode {
  return (
    <>
      {data.side === 'fed' ? (
        <Handle type="target" position={Position.Left} isConnectable={false} style={{ opacity: 0 }} />
      ) : null}
      <Box
        sx={{
          width: '100%',
          height: '100%',
          border: 1,
          borderColor: 'line.main',
          borderRadius: 2,
          bgcolor: 'action.hover',
          px: 1.75,
          py: 1,
        }}
      >
        <Typography sx={{ fontSize: '0.8125rem', fontWeight: 650, display: 'flex', gap: 1, alignItems: 'center' }}>
          <Box aria-hidden component="span" sx={{ width: 10, height: 10, borderRadius: '3px', bgcolor: data.colour }} />
          {data.title}
          <Box component="span" sx={{ color: 'text.secondary', fontWeight: 500 }}>
            {data.count}
          </Box>
        </Typography>
      </Box>
      {data.side === 'source' ? (
        <Handle type="source" position={Position.Right} isConnectable={false} style={{ opacity: 0 }} />
      ) : null}
    </>
  );
}

function HubNode({ data }: NodeProps<Node<HubData>>): ReactNode {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} style={{ opacity: 0 }} />
      <Box
        sx={{
          width: '100%',
          height: '100%',
          borderRadius: 2,
          bgcolor: 'background.paper',
          border: 2,
          borderColor: 'primary.main',
          display: 'flex',
          alignItems: 'center',
          gap: 1.25,
          px: 1.5,
        }}
      >
        <ConnectorIcon icon={data.icon} name={data.product} size={36} />
        <Box sx={{ minWidth: 0 }}>
          <Box sx={{ fontWeight: 700, fontSize: '0.9375rem', lineHeight: 1.2, overflowWrap: 'anywhere' }}>
            {data.product}
          </Box>
          <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', overflowWrap: 'anywhere' }}>{data.name}</Box>
        </Box>
      </Box>
      <Handle type="source" position={Position.Right} isConnectable={false} style={{ opacity: 0 }} />
    </>
  );
}

const nodeTypes = { system: SystemNode, box: GroupNode, hub: HubNode };

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
      : edgesOf(systems, selected).map(([source, target]) => ({
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
      sx={{ height: '100%', minHeight: 460, '& .react-flow__attribution': { display: 'none' } }}
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
        fitViewOptions={{ padding: 0.04, maxZoom: 1 }}
        onPaneClick={() => onSelect(undefined)}
        style={{ background: 'transparent' }}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </Box>
  );
}

/** Pairs from source to what it feeds, for one system. */
function edgesOf(systems: readonly System[], selected: string | undefined): readonly (readonly [string, string])[] {
  const kinds = new Map(systems.map(({ key, kind }) => [key, kind]));
  const one = systems.find(({ key }) => key === selected);
  if (one === undefined) return [];
  return [...(nearOf(systems, selected) ?? [])]
    .filter((key) => key !== one.key && kinds.has(key))
    .map((key) => (one.kind === 'source' ? ([one.key, key] as const) : ([key, one.key] as const)));
}

/** A system with everything it is connected to, whichever of the two says so. */
function nearOf(systems: readonly System[], selected: string | undefined): ReadonlySet<string> | undefined {
  const one = systems.find(({ key }) => key === selected);
  if (one === undefined) return undefined;
  const others = systems.filter(({ connectedTo }) => connectedTo.includes(one.key)).map(({ key }) => key);
  return new Set([one.key, ...one.connectedTo, ...others]);
}
