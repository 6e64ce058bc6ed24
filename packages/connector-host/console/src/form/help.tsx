import Box from '@mui/material/Box';
import type { FieldIssue } from 'connector-contract';
import type { ReactNode } from 'react';

/** A path such as `identifiers[0].value` stands for the field it is shown at. */
export function plain({ field, message }: Pick<FieldIssue, 'field' | 'message'>): string {
  return field !== '' && message.startsWith(field) ? `This${message.slice(field.length)}` : message;
}

/** What stands below a field: what is wrong with it, with the remedy, and what it is for. */
export function FieldHelp(props: {
  readonly help: string | undefined;
  readonly issue: FieldIssue | undefined;
  readonly note?: string | undefined;
}): ReactNode {
  const { help, issue, note } = props;
  return (
    <>
      {issue === undefined ? null : (
        <Box role="alert" sx={{ color: 'error.main', fontWeight: 550, mb: 0.25 }}>
          {plain(issue)} {issue.remedy === help ? null : issue.remedy}
        </Box>
      )}
      {note === undefined ? null : <Box sx={{ color: 'text.primary' }}>{note}</Box>}
      {help === undefined ? null : <Box sx={{ color: 'text.secondary' }}>{help}</Box>}
    </>
  );
}
