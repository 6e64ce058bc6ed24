import Box from '@mui/material/Box';
import type { FormEvent, ReactNode } from 'react';

/** A form that fills a dialog: Enter submits it, and its buttons stand outside of what scrolls. */
export function DialogForm({
  onSubmit,
  children,
}: {
  onSubmit(event: FormEvent): void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Box
      component="form"
      noValidate
      onSubmit={onSubmit}
      sx={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}
    >
      {children}
    </Box>
  );
}
