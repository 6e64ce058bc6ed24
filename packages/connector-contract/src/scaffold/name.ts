import { builtinModules } from 'node:module';

/** What a new connector is called, everywhere it has a name. */
export interface ConnectorName {
  /** Name of the npm package, with its scope where it has one: `@acme/crm-connector`. */
  readonly packageName: string;
  /** Id in the manifest: the package's name without its scope. */
  readonly id: string;
  /** For people: `Crm Connector`. */
  readonly title: string;
}

const MOST_CHARACTERS = 64;
const scopePattern = /^@[a-z0-9][a-z0-9._-]*$/;
const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const taken = new Set([...builtinModules, 'node-modules', 'connector-contract', 'connector-host', 'inversify']);

/**
 * Reads the name of a package as the name of a connector.
 * @returns the name, or in words what is wrong with it.
 */
export function connectorName(text: string): ConnectorName | string {
  const [id = '', scope, ...more] = text.split('/').reverse();
  if (more.length > 0 || (scope !== undefined && !scopePattern.test(scope))) {
    return `"${text}" is not the name of a package: write name or @scope/name.`;
  }
  if (id === '') return 'The name is empty: give one, such as acme-crm.';
  if (id.length > MOST_CHARACTERS) return `The name is longer than ${MOST_CHARACTERS} characters.`;
  if (!idPattern.test(id)) {
    return `"${id}" cannot be the name of a connector: write lower case words of letters and digits, joined by hyphens, such as acme-crm.`;
  }
  if (taken.has(id)) return `The name ${id} is taken by something else that connectors import: choose another one.`;
  const title = id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  return { packageName: text, id, title };
}
