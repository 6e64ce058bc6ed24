/**
 * How a connector is judged and loaded: what a host does with a package before it uses it, step by step, and why it refuses one.
 * Needs `inversify` and `reflect-metadata` beside this package.
 */
export { type BoundConnector, bindConnector, type ConnectorParts } from './bind.js';
export { IMPORT_GRACE_MS, IMPORT_MS, importLimitOf } from './import-limit.js';
export { importModule } from './load-module.js';
export { isInside, judgeVersions, readManifest } from './manifest-file.js';
export { type PluginPackage, readPackage } from './package-json.js';
export { Refusal, type RefusalCode, reasonOf, refusalCodes } from './refusal.js';
export { rehearse, type ShutIn } from './rehearsal.js';
export { syntaxProblem } from './syntax.js';
