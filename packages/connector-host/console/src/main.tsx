import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { basePath } from './base-path.js';

const root = document.getElementById('root');
if (root !== null) {
  // The host answers its bare address with this page too; the router is made once the address is right.
  if (!window.location.pathname.startsWith(basePath)) window.history.replaceState(null, '', `${basePath}/`);
  const { App } = await import('./app.js');
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
