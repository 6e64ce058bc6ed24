import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import type { ReactNode } from 'react';
import type { ImportPlan } from '../api/model.js';
import { useSession } from '../api/session.js';
import type { ImportTerms } from '../api/upload.js';
import { doubtWords, importWords } from '../words/requests.js';

/** Only the check of a file knows these; an import, which stores as it reads, would take them. */
const isShared = ({ code }: ImportPlan['errors'][number]) => code === 'SAME_FOR_MANY';

/** Whether the file holds doubtful people that an import would send although nobody has said that they are meant. */
export function undecidedDoubt(plan: ImportPlan, { allowDoubtful }: ImportTerms): boolean {
  return !allowDoubtful && plan.errors.some(isShared);
}

/** What is doubtful of a file: it is kept back unless the reader says that it is meant. */
export function DoubtfulChoice(props: {
  readonly report: ImportPlan;
  readonly terms: ImportTerms;
  onChange(terms: ImportTerms): void;
}): ReactNode {
  const { report, terms, onChange } = props;
  const { may } = useSession();
  if (report.doubtful === 0 && !terms.allowDoubtful) return null;
  return (
    <Alert severity="warning" variant="outlined">
      {doubtWords.means} {undecidedDoubt(report, terms) ? importWords.sharedDoubt : null}
      {may('requests:allow') ? (
        <FormControlLabel
          sx={{ display: 'flex', mt: 1 }}
          control={
            <Checkbox
              size="small"
              checked={terms.allowDoubtful}
              onChange={(_event, allowDoubtful) => onChange({ ...terms, allowDoubtful })}
            />
          }
          label={importWords.sendDoubtful}
        />
      ) : null}
    </Alert>
  );
}
