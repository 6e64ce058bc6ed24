import { ContainerModule } from 'inversify';

process.on('unhandledRejection', () => undefined);
Object.defineProperty(globalThis, 'acme', { value: true });
setInterval(() => undefined, 1000);
process.stdout.write('Acme is here.\n');

export const connectorModule = new ContainerModule(() => undefined);
