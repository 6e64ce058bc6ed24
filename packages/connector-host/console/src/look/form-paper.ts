import type { PaperProps } from '@mui/material/Paper';
import type { FormEvent } from 'react';

/** Makes the paper of a dialog a form, so that Enter submits it and its buttons stand outside of what scrolls. */
export function formPaper(onSubmit: (event: FormEvent) => void): PaperProps {
  return { component: 'form', noValidate: true, onSubmit } as PaperProps;
}
