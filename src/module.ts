import 'reflect-metadata';
import {
  type Connector,
  type DeletionCapability,
  ServiceIdentifier,
  type SystemDetectionCapability,
} from 'connector-contract';
import { ContainerModule } from 'inversify';
import { SegmentConnector } from './connector.js';
import { SegmentDeletion } from './deletion/deletion.js';
import { SegmentDetection } from './detection/detection.js';

export { SegmentConfigDto, validateConfig } from './config.js';
export { SegmentFault, segmentFaultCodes } from './segment/fault.js';

/**
 * What a host loads, into a container of the plugin's own: binds the parts that the manifest declares and nothing else.
 * Importing and loading have no side effects: but for the package's own files nothing is read, opened or started before a method is called.
 */
export const connectorModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind<Connector>(ServiceIdentifier.connector).to(SegmentConnector).inSingletonScope();
  bind<DeletionCapability>(ServiceIdentifier.deletion).to(SegmentDeletion).inSingletonScope();
  bind<SystemDetectionCapability>(ServiceIdentifier.systemDetection).to(SegmentDetection).inSingletonScope();
});
