import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Link from '@mui/material/Link';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { host } from '../api/client.js';
import type { System } from '../api/model.js';
import { useSession } from '../api/session.js';
import { Monogram } from '../connect/icon.js';
import { CoverageChip, ToneChip } from '../look/chips.js';
import { useNotify } from '../look/notify.js';
import { OutLink } from '../look/out-link.js';
import { Facts } from '../look/page.js';
import { ActionProblem } from '../look/states.js';
import { formatDay, When } from '../look/when.js';
import { coverageMeaning, kindWords, words } from '../words/common.js';
import { mapWords, treatmentWords } from '../words/map.js';
import { pathOf } from './queries.js';
import { TreatmentOf } from './treatment.js';
import { WorkIn } from './work-in.js';

/** Props of {@link SystemPanel}. */
export interface SystemPanelProps {
  readonly system: System;
  readonly systems: readonly System[];
  onSelect(key: string | undefined): void;
}

/** Everything that is known of one system. */
export function SystemPanel({ system, systems, onSelect }: SystemPanelProps): ReactNode {
  const { may } = useSession();
  const notify = useNotify();
  const client = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another system takes the focus anew.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [system.key]);
  const archived = system.state === 'archived';
  const [reason, setReason] = useState('');
  const archive = useMutation({
    mutationFn: () =>
      host.patch(pathOf(system), {
        archived: !archived,
        ...(archived ? {} : { reason }),
      }),
    onSuccess: () => {
      notify(archived ? mapWords.restored : mapWords.archived);
      onSelect(undefined);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['systems'] }),
  });
  const linked = systems.filter(
    ({ key, connectedTo }) => system.connectedTo.includes(key) || connectedTo.includes(system.key),
  );
  const { coverage, vendor } = system;
  return (
    <Box sx={{ p: 2.5 }}>
      <Stack direction="row" sx={{ gap: 1.5, alignItems: 'flex-start', mb: 1.5 }}>
        <Monogram name={vendor.name} size={36} />
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography
            variant="h2"
            component="h2"
            ref={heading}
            tabIndex={-1}
            sx={{ overflowWrap: 'anywhere', outline: 'none' }}
          >
            {system.name}
          </Typography>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {kindWords[system.kind]} · {vendor.name}
          </Typography>
        </Box>
        <IconButton size="small" aria-label={words.close} onClick={() => onSelect(undefined)}>
          <CloseIcon fontSize="small" />
        </IconButton>
      </Stack>
      <Stack direction="row" sx={{ gap: 0.75, flexWrap: 'wrap', mb: 1 }}>
        <CoverageChip state={coverage.state} />
        {system.treatment === undefined ? null : (
          <ToneChip tone="neutral" label={treatmentWords.kinds[system.treatment.kind]} />
        )}
        {system.change === undefined ? null : <ToneChip tone="info" label={mapWords.change[system.change]} />}
      </Stack>
      <Typography variant="body2" sx={{ mb: 0.5 }}>
        {coverage.reason}
      </Typography>
      <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mb: 2 }}>
        {coverageMeaning[coverage.state]} {mapWords.source}:{' '}
        <OutLink href={coverage.source.url}>{coverage.source.title}</OutLink>, {mapWords.asOf}{' '}
        {formatDay(coverage.source.asOf)}
      </Typography>
      <TreatmentOf system={system} />
      <WorkIn system={system} />
      <Box sx={{ borderTop: 1, borderColor: 'line.main', pt: 2, mt: 2 }}>
        <Facts
          items={[
            ...(system.seenIn.length === 0 ? [] : ([[mapWords.seenIn, system.seenIn.join('; ')]] as const)),
            ...(linked.length === 0
              ? []
              : ([
                  [
                    mapWords.connectedTo,
                    <Stack key="linked" component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
                      {linked.map(({ key, name }) => (
                        <li key={key}>
                          <Link
                            component="button"
                            type="button"
                            variant="body2"
                            onClick={() => onSelect(key)}
                            sx={{ textAlign: 'left' }}
                          >
                            {name}
                          </Link>
                        </li>
                      ))}
                    </Stack>,
                  ],
                ] as const)),
            ...(system.categories.length === 0 ? [] : ([[mapWords.categories, system.categories.join(', ')]] as const)),
            ...(system.enabled === undefined
              ? []
              : ([[mapWords.enabled, system.enabled ? mapWords.yes : mapWords.no]] as const)),
            ...(vendor.domain === undefined ? [] : ([[mapWords.vendor, vendor.domain]] as const)),
            [mapWords.firstSeen, <When key="f" at={system.firstSeen} />],
            [mapWords.lastSeen, <When key="l" at={system.lastSeen} />],
            ...(system.changes.length === 0 ? [] : ([[mapWords.changedFields, system.changes.join(', ')]] as const)),
          ]}
        />
      </Box>
      {may('systems:archive') ? (
        <Stack direction="row" sx={{ mt: 2, gap: 1, alignItems: 'center' }}>
          {archived ? null : (
            <TextField
              size="small"
              label={mapWords.archiveReason}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
          <Button
            variant="outlined"
            size="small"
            disabled={archive.isPending || (!archived && reason.trim() === '')}
            onClick={() => archive.mutate()}
          >
            {archived ? mapWords.restore : mapWords.archive}
          </Button>
        </Stack>
      ) : null}
      <ActionProblem error={archive.error} />
    </Box>
  );
}
