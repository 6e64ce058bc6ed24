import { ContainerModule } from 'inversify';

Object.defineProperty(globalThis, 'acmeRegistry', { value: new Map() });

export const connectorModule = new ContainerModule(() => undefined);
