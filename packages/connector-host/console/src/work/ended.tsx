import type { ReactNode } from 'react';
import type { WorkDetail } from '../api/model.js';
import { OutLink } from '../look/out-link.js';
import { Facts, Section } from '../look/page.js';
import { StoredFiles } from '../look/stored-files.js';
import { When } from '../look/when.js';
import { treatmentWords } from '../words/map.js';
import { workActWords, workWords } from '../words/work.js';
import { workPath } from './queries.js';

/** How a piece of work ended, and what shows that. */
export function Ended({
  item,
  ended,
}: {
  readonly item: WorkDetail;
  readonly ended: NonNullable<WorkDetail['ended']>;
}): ReactNode {
  const { at, why, doneBy, doneAt, evidence, treatment } = ended;
  return (
    <Section title={workWords.ended}>
      <Facts
        items={[
          ...(treatment === undefined ? [] : ([[treatmentWords.kind, treatmentWords.kinds[treatment]]] as const)),
          [doneBy === undefined ? workActWords.why : workActWords.how, why ?? workWords.byItself],
          ...(doneBy === undefined ? [] : ([[workActWords.doneBy, doneBy]] as const)),
          ...(doneAt === undefined ? [] : ([[workActWords.doneAt, <When key="d" at={doneAt} />]] as const)),
          ...(evidence?.text === undefined ? [] : ([[workActWords.evidence, evidence.text]] as const)),
          ...(evidence?.link === undefined
            ? []
            : ([
                [
                  workActWords.link,
                  <OutLink key="e" href={evidence.link}>
                    {evidence.link}
                  </OutLink>,
                ],
              ] as const)),
          [workWords.endedAt, <When key="r" at={at} />],
        ]}
      />
      {evidence?.files !== undefined && item.may.includes('people') ? (
        <StoredFiles label={workActWords.files} path={`${workPath(item.id)}/files`} />
      ) : null}
    </Section>
  );
}
