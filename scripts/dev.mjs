// npm run dev: builds what has changed and goes on also where its types are wrong, which is said; see packages/demo/src/dev.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const compiler = createRequire(import.meta.url)
  .resolve('@typescript/native/package.json')
  .replace(/package\.json$/, 'bin/tsc');
spawnSync(process.execPath, [compiler, '-b', 'tsconfig.build.json', '--pretty'], { stdio: 'inherit' });
await import('../packages/demo/dist/dev/main.js');
