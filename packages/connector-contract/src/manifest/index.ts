export { type ResolvedConfig, resolveConfig } from './config.js';
export { looksSecret } from './consistency/fields.js';
export { manifestMarkdown } from './documentation.js';
export { configSchema, formKeywords, type JsonSchema } from './form.js';
export type { ManifestIssue } from './issue.js';
export type * from './manifest.generated.js';
export { type ParsedManifest, parseManifest } from './parse.js';
export { inRange, isRange, isVersion } from './semver.js';
export { type FormOptions, isAdvanced, type ValueField, valueFields } from './visibility.js';
