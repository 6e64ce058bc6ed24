/** What stands on the map. */
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { ReactNode } from 'react';
import type { System } from '../api/model.js';
import { ConnectorIcon } from '../connect/icon.js';
import { coverageLook } from '../look/chips.js';
import { visuallyHidden } from '../look/visually-hidden.js';
import { coverageWords, kindWords } from '../words/common.js';
import { mapWords, treatmentWords } from '../words/map.js';
import type { MapLayout } from './layout.js';

type Way = { direction: MapLayout['direction'] };
type SystemData = Way & { system: System; dim: boolean; selected: boolean; onSelect(key: string): void };
type GroupData = Way & { title: string; count: number; colour: string; side: 'source' | 'fed' };
/** The connection in the middle. */
export type HubData = { name: string; product: string; icon: string | undefined };

/** Where lines begin or end. */
function Port({ type, direction }: Way & { readonly type: 'source' | 'target' }): ReactNode {
  const [before, after] = direction === 'across' ? [Position.Left, Position.Right] : [Position.Top, Position.Bottom];
  return (
    <Handle type={type} position={type === 'target' ? before : after} isConnectable={false} style={{ opacity: 0 }} />
  );
}

/** The ground of boxes, and of cards that step back: opaque, so that no line shines through. */
const ground = {
  bgcolor: 'background.paper',
  backgroundImage: 'linear-gradient(var(--mui-palette-action-hover), var(--mui-palette-action-hover))',
} as const;

const oneLine = { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

function SystemNode({ data }: NodeProps<Node<SystemData>>): ReactNode {
  const { system, dim, selected, onSelect } = data;
  const [, Icon] = coverageLook[system.coverage.state];
  return (
    <>
      <Port type="target" direction={data.direction} />
      <Box
        component="button"
        type="button"
        className="nopan"
        aria-pressed={selected}
        title={system.name}
        onClick={() => onSelect(system.key)}
        sx={{
          all: 'unset',
          boxSizing: 'border-box',
          width: '100%',
          height: '100%',
          display: 'flex',
          flexDirection: 'column',
          justifyContent: 'center',
          px: 1,
          scrollMarginBlock: 72,
          cursor: 'pointer',
          ...(dim ? ground : { bgcolor: 'background.paper' }),
          color: dim ? 'text.secondary' : 'text.primary',
          border: 1,
          borderColor: selected ? 'primary.main' : 'line.main',
          borderLeft: 4,
          borderLeftColor: dim ? 'line.strong' : `coverage.${system.coverage.state}`,
          borderRadius: 1,
          boxShadow: selected ? '0 0 0 2px var(--mui-palette-primary-main)' : 'none',
          '&:hover': { borderColor: 'primary.main', borderLeftColor: `coverage.${system.coverage.state}` },
          '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: 2 },
        }}
      >
        <Box sx={{ ...oneLine, fontSize: '0.8125rem', fontWeight: 600, lineHeight: 1.25 }}>{system.name}</Box>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
          <Box sx={{ ...oneLine, flex: 1, fontSize: '0.75rem', lineHeight: 1.3, color: 'text.secondary' }}>
            {system.change === 'new' || system.change === 'gone' ? `${mapWords.change[system.change]} · ` : ''}
            {system.vendor.name === system.name ? kindWords[system.kind] : system.vendor.name}
            {system.enabled === false ? ' · off' : ''}
            {system.treatment === undefined ? '' : ` · ${treatmentWords.kinds[system.treatment.kind].toLowerCase()}`}
          </Box>
          <Icon
            aria-hidden
            sx={{ fontSize: 15, color: dim ? 'text.secondary' : `coverage.${system.coverage.state}` }}
          />
        </Box>
        <Box component="span" sx={visuallyHidden}>
          , {kindWords[system.kind]}, {coverageWords[system.coverage.state]}
        </Box>
      </Box>
      <Port type="source" direction={data.direction} />
    </>
  );
}

function GroupNode({ data }: NodeProps<Node<GroupData>>): ReactNode {
  return (
    <>
      {data.side === 'fed' ? <Port type="target" direction={data.direction} /> : null}
      <Box
        sx={{
          width: '100%',
          height: '100%',
          border: 1,
          borderColor: 'line.main',
          borderRadius: 2,
          ...ground,
          px: 1.25,
          py: 0.75,
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
      {data.side === 'source' ? <Port type="source" direction={data.direction} /> : null}
    </>
  );
}

function HubNode({ data }: NodeProps<Node<HubData & Way>>): ReactNode {
  return (
    <>
      <Port type="target" direction={data.direction} />
      <Box
        sx={{
          width: '100%',
          height: '100%',
          borderRadius: 2,
          bgcolor: 'background.paper',
          border: 2,
          borderColor: 'primary.main',
          display: 'flex',
          flexDirection: 'column',
          alignItems: 'center',
          justifyContent: 'center',
          textAlign: 'center',
          gap: 0.75,
          px: 1,
        }}
      >
        <ConnectorIcon icon={data.icon} name={data.product} size={28} />
        <Box sx={{ maxWidth: '100%' }}>
          <Box sx={{ fontWeight: 700, fontSize: '0.875rem', lineHeight: 1.2, overflowWrap: 'break-word' }}>
            {data.product}
          </Box>
          <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', overflowWrap: 'break-word' }}>{data.name}</Box>
        </Box>
      </Box>
      <Port type="source" direction={data.direction} />
    </>
  );
}

/** How each type of node is drawn. */
export const nodeTypes = { system: SystemNode, box: GroupNode, hub: HubNode };
