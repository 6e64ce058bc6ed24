import 'reflect-metadata';
import { moduleOf } from 'connector-kit';
import type { ContainerModule } from 'inversify';
import { segmentConnector } from './connector.js';
import { segmentDeletion } from './deletion/deletion.js';
import { segmentDetection } from './detection/detection.js';

export { SegmentConfigDto, validateConfig } from './config.js';
export { SegmentFault, segmentFaultCodes } from './segment/fault.js';

/**
 * What a host loads, into a container of the plugin's own: binds the parts that the manifest declares and nothing else.
 * Importing and loading have no side effects: but for the package's own files nothing is read, opened or started before a method is called.
 */
export const connectorModule: ContainerModule = moduleOf({
  connector: segmentConnector,
  deletion: segmentDeletion,
  detection: segmentDetection,
});
