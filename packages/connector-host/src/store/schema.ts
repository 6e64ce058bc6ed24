/**
 * Every table of the host, and the only description of them: migrations are generated from these files (`npm run migrations`).
 *
 * Identifiers of people stand sealed in `requests.identifiers` and as keyed fingerprints in `requests.fingerprints`, nowhere else; what a
 * vendor wrote of its own, which may name them, is sealed in `operations.words`, and files of answers and of evidence
 * in `stored_files` and `file_pieces`.
 * Credentials stand sealed in `connections.secrets`, nowhere else; addresses and secrets of webhooks in `notices.sealed`.
 */
export * from './tables/access.js';
export { host } from './tables/columns.js';
export * from './tables/connections.js';
export * from './tables/events.js';
export * from './tables/keys.js';
export * from './tables/notices.js';
export * from './tables/operations.js';
export * from './tables/processes.js';
export * from './tables/requests.js';
export * from './tables/systems.js';
export * from './tables/work.js';
