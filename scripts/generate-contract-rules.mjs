// Writes docs/contract-rules.md from the table of rules in the built test kit.
import { writeFile } from 'node:fs/promises';
import { rulesMarkdown } from '../packages/connector-contract/dist/testkit/rules.js';

await writeFile(new URL('../docs/contract-rules.md', import.meta.url), rulesMarkdown());
