// The licence of every installed dependency, by the lock file and each package's own package.json.
import { existsSync, readFileSync } from 'node:fs';

/** Licences that ask for no more than to be named, and MPL, which covers its own files alone. */
export const accepted = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
  'MPL-2.0',
]);

/** Packages whose package.json says nothing or something else than their LICENSE file, with what that file says. @type {Record<string, string>} */
const known = {};

/** @param {string} expression SPDX, such as `(MIT OR Apache-2.0)` */
export function isAccepted(expression) {
  return expression
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((one) => accepted.has(one.trim())));
}

/** @returns {{name: string, version: string, licence: string, production: boolean, accepted: boolean, scripts: boolean}[]} */
export function licences() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(packages).flatMap(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const file = `${path}/package.json`;
    const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    const said =
      entry.license ?? own.license ?? own.licenses?.map((/** @type {{type: string}} */ one) => one.type).join(' OR ');
    const licence = known[name] ?? (typeof said === 'string' ? said : (said?.type ?? 'none named'));
    return [
      {
        name,
        version: entry.version,
        licence,
        production: entry.dev !== true && entry.devOptional !== true,
        accepted: isAccepted(licence),
        scripts: entry.hasInstallScript === true,
      },
    ];
  });
}
