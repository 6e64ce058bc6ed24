import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // The host says in the page where it stands, which may be below a path.
  base: './',
  plugins: [react()],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // Nothing inline: the host's Content-Security-Policy takes no data URI for code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules\/(react|react-dom|react-router|scheduler|@tanstack\/(query-core|react-query))\//,
            },
            // One file instead of forty tiny ones.
            {
              name: 'components',
              test: /node_modules\/(@mui\/(material|system|styled-engine|utils|private-theming|icons-material)|@emotion)\//,
            },
          ],
        },
      },
    },
  },
});
