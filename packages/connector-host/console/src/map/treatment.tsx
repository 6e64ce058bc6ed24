import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { host } from '../api/client.js';
import type { System } from '../api/model.js';
import { useSession } from '../api/session.js';
import { useConnectionNames } from '../connections/queries.js';
import { useNotify } from '../look/notify.js';
import { Facts } from '../look/page.js';
import { Prose } from '../look/prose.js';
import { ActionProblem } from '../look/states.js';
import { formatDay, When } from '../look/when.js';
import { counted } from '../words/common.js';
import { mapWords, treatmentWords } from '../words/map.js';
import { pathOf } from './queries.js';
import { TreatmentDialog } from './treatment-dialog.js';

/** What somebody decided about a system that a deletion does not reach; who may decides here, or takes it back. */
export function TreatmentOf({ system }: { readonly system: System }): ReactNode {
  const { treatment, coverage } = system;
  const { may } = useSession();
  const notify = useNotify();
  const client = useQueryClient();
  const nameOf = useConnectionNames();
  const [deciding, setDeciding] = useState(false);
  const undo = useMutation({
    mutationFn: () => host.patch(pathOf(system), { treatment: null }),
    onSuccess: () => notify(treatmentWords.takenBack),
    onSettled: () => client.invalidateQueries(),
  });
  const reached = coverage.state === 'reached' || coverage.state === 'forwarded';
  if (reached && treatment === undefined) return null;
  const mayTreat = may('systems:treat');
  return (
    <Box sx={{ borderTop: 1, borderColor: 'line.main', pt: 2, mt: 2 }}>
      <Typography variant="h3" sx={{ mb: 0.75 }}>
        {treatmentWords.title}
      </Typography>
      {treatment === undefined ? (
        <Typography variant="body2">{treatmentWords.undecided}</Typography>
      ) : (
        <>
          {treatment.askedAgainAt === undefined ? null : (
            <Alert severity="warning" sx={{ mb: 1 }}>
              {treatmentWords.askedAgain}
            </Alert>
          )}
          <Facts
            items={[
              [treatmentWords.kind, treatmentWords.kinds[treatment.kind]],
              [treatmentWords.reason, treatment.reason],
              ...(treatment.owner === undefined ? [] : ([[treatmentWords.owner, treatment.owner]] as const)),
              ...(treatment.instructions === undefined
                ? []
                : ([
                    [
                      treatmentWords.instructions,
                      <Prose key="i" small>
                        {treatment.instructions}
                      </Prose>,
                    ],
                  ] as const)),
              ...(treatment.days === undefined
                ? []
                : ([[treatmentWords.days, counted(treatment.days, 'day', 'days')]] as const)),
              ...(treatment.coveredBy === undefined
                ? []
                : ([[treatmentWords.coveredBy, nameOf(treatment.coveredBy)]] as const)),
              ...(treatment.lookAgainOn === undefined
                ? []
                : ([[treatmentWords.lookAgainOn, formatDay(treatment.lookAgainOn)]] as const)),
              [treatmentWords.at, <When key="a" at={treatment.at} as="day" />],
            ]}
          />
        </>
      )}
      {mayTreat ? (
        <Stack direction="row" sx={{ gap: 1, mt: 1.5, flexWrap: 'wrap' }}>
          <Button variant="outlined" size="small" onClick={() => setDeciding(true)}>
            {treatment === undefined ? treatmentWords.decide : treatmentWords.change}
          </Button>
          {treatment === undefined ? null : (
            <Button size="small" disabled={undo.isPending} onClick={() => undo.mutate()}>
              {treatmentWords.takeBack}
            </Button>
          )}
        </Stack>
      ) : null}
      <ActionProblem error={undo.error} />
      {deciding ? <TreatmentDialog system={system} onClose={() => setDeciding(false)} /> : null}
      {system.archiving === undefined ? null : (
        <Typography variant="body2" sx={{ mt: 1.5 }}>
          {mapWords.archivedFor} {system.archiving.reason} (<When at={system.archiving.at} as="day" />)
        </Typography>
      )}
    </Box>
  );
}
