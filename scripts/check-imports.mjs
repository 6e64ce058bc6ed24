// Checks the allowed import directions (.dependency-cruiser.cjs) and that there was something to check:
// with a compiler it cannot use, dependency-cruiser looks at no module at all and passes.
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import { packages } from './packages.mjs';

const require = createRequire(import.meta.url);
/** @type {{options: import('dependency-cruiser').ICruiseOptions, forbidden: import('dependency-cruiser').IForbiddenRuleType[]}} */
const { options, forbidden } = require('../.dependency-cruiser.cjs');
const roots = ['src', ...packages.map((folder) => `${folder}/src`)];

const { output } = await cruise(roots, { ...options, validate: true, ruleSet: { forbidden } });
if (typeof output === 'string') throw new Error('dependency-cruiser answered a text, not its findings.');
const { totalCruised, totalDependenciesCruised = 0, violations } = output.summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (totalDependenciesCruised === 0 || totalCruised < roots.length) {
  console.error(
    `Only ${totalCruised} modules with ${totalDependenciesCruised} imports were found: nothing was checked.`,
  );
  process.exitCode = 1;
} else if (violations.length > 0) {
  process.exitCode = 1;
} else {
  console.log(`${totalCruised} modules, ${totalDependenciesCruised} imports: every one in an allowed direction.`);
}
