// Writes docs/contract-rules.md from the table of rules in the built test kit, and the table of docs/versions.md from the features of the contract.
import { readFile, writeFile } from 'node:fs/promises';
import { rulesMarkdown } from '../packages/connector-contract/dist/testkit/rules.js';
import { versionsPage } from '../packages/connector-contract/dist/testkit/versions.js';

const docs = new URL('../docs/', import.meta.url);

await writeFile(new URL('contract-rules.md', docs), rulesMarkdown());
const versions = new URL('versions.md', docs);
await writeFile(versions, versionsPage(await readFile(versions, 'utf8')));
