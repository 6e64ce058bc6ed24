import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Files below this are not worth a second one. */
const SMALLEST = 1_024;

/** Writes each file compressed beside itself, so that the host sends it as it lies there. */
const precompressed: Plugin = {
  name: 'precompressed',
  apply: 'build',
  writeBundle({ dir = '' }) {
    const assets = join(dir, 'assets');
    for (const name of readdirSync(assets)) {
      const path = join(assets, name);
      const content = readFileSync(path);
      if (content.length < SMALLEST) continue;
      writeFileSync(`${path}.br`, brotliCompressSync(content));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  // The host says in the page where it stands, which may be below a path.
  base: './',
  plugins: [react(), precompressed],
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
