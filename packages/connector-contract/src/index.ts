export * from './connector.js';
export * from './context.js';
export * from './deletion.js';
export * from './detection.js';
export * from './fault.js';
export type * from './manifest/manifest.generated.js';
export * from './version.js';
