import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';
import { Component, type ReactNode } from 'react';
import { words } from '../words/common.js';
import { frameWords } from '../words/frame.js';

/** Holds a view that throws, so that the rest of the console stays usable. */
export class Broken extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Alert
        severity="error"
        variant="outlined"
        action={
          <Button color="inherit" size="small" onClick={() => window.location.reload()}>
            {words.reload}
          </Button>
        }
      >
        <AlertTitle>{frameWords.crashed}</AlertTitle>
        {frameWords.crashedBody}
      </Alert>
    );
  }
}
