import { readdirSync } from 'node:fs';

/** The folders in `folder`, seen from the root of the repository. @param {string} folder */
const within = (folder) => readdirSync(folder).map((name) => `${folder}/${name}`);

/** The folders of all packages but the one at the root. */
export const packages = within('packages').flatMap((folder) =>
  folder === 'packages/connectors' ? within(folder) : folder,
);
