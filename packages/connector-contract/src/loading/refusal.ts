/** Why a connector cannot be used. Each code stands here once, and in `docs/connector-refusals.md`. */
export const refusalCodes = {
  PACKAGE_UNREADABLE: 'Repair or reinstall the package: its package.json must be valid JSON.',
  MANIFEST_NOT_DECLARED:
    'Add `"connector": {"manifests": ["./path/to/manifest.json"]}` to the package.json, beside the keyword `connector-plugin`.',
  MANIFEST_MISSING:
    'Publish the manifest with the package (`files` in package.json), or correct the path in `connector.manifests`.',
  MANIFEST_OUTSIDE_PACKAGE: 'Keep the manifest inside the package and name it by a relative path.',
  MANIFEST_UNREADABLE: 'Make the manifest valid JSON.',
  MANIFEST_INVALID:
    'Correct the manifest by the schema that connector-contract publishes (`connector-contract/manifest.schema.json`).',
  VERSION_MISMATCH: 'Give the manifest the version of its package.',
  CONTRACT_MISMATCH:
    'Install a version of the connector that was built for this contract, or a host that speaks the one it asks for.',
  FEATURE_NOT_OFFERED: 'Install a host that offers the feature, or a version of the connector that does without it.',
  KEYWORD_MISSING: 'Add `connector-plugin` to the `keywords` of the package.json.',
  DUPLICATE_ID:
    'Uninstall what is not wanted. Of several versions of one package the highest is used, of several packages with one id none.',
  CHANGED_SINCE_LOCK:
    'Look at what has changed. Where it is what you want to run, write the lock anew: `connector-host connectors lock`, then reload or start the host.',
  ENTRY_NOT_EXPORTED: "Add the manifest's `entry.module` to the `exports` of the package.",
  ENTRY_MISSING: 'Build the package, or publish the built files with it.',
  ENTRY_OUTSIDE_PACKAGE: 'Let `exports` point to a file inside the package.',
  IMPORT_FAILED:
    'Update the connector or install what it depends on. Its author mends the place that the reason names, or puts the dependency into `dependencies` of the package.json.',
  IMPORT_TIMEOUT:
    'Update the connector: importing it must only define things, not wait for anything, and nothing of it may keep its process busy without end.',
  EXPORT_MISSING: 'Export the module under the name that `entry.export` gives (default `connectorModule`).',
  EXPORT_NOT_A_MODULE: 'Export an Inversify `ContainerModule`, not a class, a function or a promise.',
  MODULE_FAILED:
    'Update the connector: its module must bind its parts without failing and without waiting for a network.',
  CONNECTOR_NOT_BOUND: 'Bind `ServiceIdentifier.connector` in the module, to an object with `validate` and `check`.',
  CAPABILITY_NOT_BOUND: 'Bind what the manifest declares, or take it out of the manifest.',
  CAPABILITY_NOT_DECLARED: 'Declare in the manifest what the module binds, or do not bind it.',
  CAPABILITY_INCOMPLETE: 'Implement every method that the contract asks of the part.',
  PROCESS_ENDED:
    'Update the connector: importing and binding it must neither end the process nor take more memory than it may have. Where the process could not be started at all, look at the limits of the machine.',
  WALL_REQUIRED:
    'Install bubblewrap on a Linux that lets it make namespaces, or start the host without `--require-wall` where you trust every connector.',
  FIELD_NOT_DECLARED:
    'Declare the field in `config.fields` of the manifest, or read the one that is meant. A host hands over declared fields and nothing else.',
  HOST_NOT_DECLARED:
    'Name the host in `network.allowedHosts` of the manifest, or call one that stands there. A host lets a connector out to no other place.',
  CRASHED_REPEATEDLY:
    'Update the connector, or report the reason to its author. What waits for it goes on once it keeps running.',
} as const;

/** A code of {@link refusalCodes}. */
export type RefusalCode = keyof typeof refusalCodes;

/** Thrown while a plugin is being found or loaded; ends as a refused listing. */
export class Refusal extends Error {
  readonly remedy: string;

  /** @param reason what is wrong with this very plugin, in plain words. */
  constructor(
    readonly code: RefusalCode,
    readonly reason: string,
  ) {
    super(reason);
    this.name = 'Refusal';
    this.remedy = refusalCodes[code];
  }
}

/** What a caught value says, on one line and no longer than a line can be shown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error || isErrorLike(error) ? `${error.name}: ${error.message}` : String(error);
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

// Errors of another realm (a vm context, a worker) are not `instanceof Error` here.
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}
