// npm run clean: removes what builds and tests have made. Data (.connector-host) and installed packages stay.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from './packages.mjs';

const made = ['.', ...packages].flatMap((folder) =>
  ['dist', 'console/dist', 'coverage', 'test-results', 'node_modules/.vite'].map((name) => join(folder, name)),
);
for (const path of made) rmSync(path, { recursive: true, force: true });
