export * from './connector.js';
export * from './context.js';
export * from './deletion.js';
export * from './detection.js';
export * from './fault.js';
export * from './features.js';
export * from './manifest/index.js';
export * from './version.js';
