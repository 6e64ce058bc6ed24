/** Short messages after an action: shown for a while, and read out. */
import Alert from '@mui/material/Alert';
import Snackbar from '@mui/material/Snackbar';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

interface Message {
  readonly id: number;
  readonly text: string;
  readonly severity: 'success' | 'info' | 'warning' | 'error';
}

const NotifyContext = createContext<(text: string, severity?: Message['severity']) => void>(() => undefined);

/** Says something to the reader. */
export function useNotify(): (text: string, severity?: Message['severity']) => void {
  return useContext(NotifyContext);
}

/** Where messages appear. */
export function Notices({ children }: { readonly children: ReactNode }): ReactNode {
  const [message, setMessage] = useState<Message | undefined>();
  const [open, setOpen] = useState(false);
  const notify = useCallback((text: string, severity: Message['severity'] = 'success') => {
    setMessage({ id: Date.now(), text, severity });
    setOpen(true);
  }, []);
  const close = (_event: unknown, reason?: string) => {
    if (reason !== 'clickaway') setOpen(false);
  };
  return (
    <NotifyContext.Provider value={notify}>
      {children}
      <Snackbar
        key={message?.id}
        open={open}
        autoHideDuration={6_000}
        onClose={close}
        // Not over the buttons of a dialog.
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
      >
        <Alert severity={message?.severity ?? 'info'} variant="filled" onClose={close}>
          {message?.text}
        </Alert>
      </Snackbar>
    </NotifyContext.Provider>
  );
}
