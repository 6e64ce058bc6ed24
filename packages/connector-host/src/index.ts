/** The reference privacy host as a library: {@link startHost} is what `connector-host serve` and `connector-host worker` run. */
export type { Actor, Role } from './access/roles.js';
export { type Configuration, type OptionName, optionFacts, readConfiguration } from './configuration.js';
export type { ConnectionView } from './connections/view.js';
export { type Host, startHost } from './host.js';
export type { HostOptions } from './host-options.js';
export type { ImportReport } from './intake/import.js';
export { openLog } from './log.js';
export type { ConnectorListing } from './plugins/registry.js';
export { HostProblem, type ProblemCode, type ProblemDetails, problemCodes } from './problem.js';
export type { OperationView } from './reading/operation-view.js';
export type { RequestDetail, RequestSummary, TaskView, TimelineEntry } from './reading/views.js';
export type { RequestBody } from './requests/request-body.js';
export { closeOnSignals, reloadOnSignal } from './shutdown.js';
export type { Page } from './store/page.js';
export type { DetectionView, SystemView } from './systems/views.js';
