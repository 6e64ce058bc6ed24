// npm run dev: builds what has changed and goes on also where its types are wrong, which is said; see packages/demo/src/dev.
import { buildAnswers, buildPackages } from './build.mjs';

await buildPackages()
  .then(buildAnswers)
  .catch((error) => console.error(error instanceof Error ? error.message : error));
await import('../packages/demo/dist/dev/main.js');
