import { type Connector, type DeletionCapability, ServiceIdentifier } from 'connector-contract';
import { ContainerModule } from 'inversify';
import { MyConnector } from './connector.js';
import { MyDeletion } from './deletion.js';

/** What a host loads. It binds what the manifest declares, and does nothing else. */
export const connectorModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind<Connector>(ServiceIdentifier.connector)
    .toDynamicValue(() => new MyConnector())
    .inSingletonScope();
  bind<DeletionCapability>(ServiceIdentifier.deletion)
    .toDynamicValue(() => new MyDeletion())
    .inSingletonScope();
});
