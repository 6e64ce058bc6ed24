import { ContainerModule } from 'inversify';

export const connectorModule = new ContainerModule(({ bind }) => {
  bind(Symbol.for('connector-contract/Connector')).toConstantValue({ validate: () => ({ valid: true, issues: [] }) });
});
