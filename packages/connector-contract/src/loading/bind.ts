import { Container, ContainerModule } from 'inversify';
import { type Connector, ServiceIdentifier } from '../connector.js';
import type { DeletionCapability } from '../deletion.js';
import type { SystemDetectionCapability } from '../detection.js';
import type { ConnectorManifest } from '../manifest/index.js';
import { within } from './load-module.js';
import { Refusal, reasonOf } from './refusal.js';

/** The same methods, whose answers may take a while: those of a connector in another process always do. */
type Eventual<T> = {
  [Name in keyof T]: NonNullable<T[Name]> extends (...args: infer Args) => infer Answer
    ? (...args: Args) => Answer | Promise<Awaited<Answer>>
    : T[Name];
};

/** What a connector brings, taken out of its container, or stand-ins for it. */
export interface ConnectorParts {
  readonly connector: Eventual<Connector>;
  readonly deletion?: Eventual<DeletionCapability>;
  readonly systemDetection?: SystemDetectionCapability;
  /**
   * Where the connector must be made ready, or has only so many places: waits for that, and answers how to leave again.
   * @param withinMs how long to wait at most, in milliseconds.
   * @throws ConnectorFault; the connector was not called then.
   */
  enter?(withinMs: number): Promise<() => void>;
}

/** A connector's parts, and how to let go of them. */
export interface BoundConnector {
  readonly parts: ConnectorParts;
  release(): Promise<void>;
}

/**
 * Loads a module into a container of its own, below the host's, and compares what it binds with what the manifest declares.
 * The container is dropped on any failure, since a module that throws half-way leaves its earlier bindings.
 * @throws Refusal
 */
export async function bindConnector(
  host: Container,
  module: ContainerModule,
  manifest: ConnectorManifest,
  timeoutMs: number,
): Promise<BoundConnector> {
  const container = new Container({ parent: host, defaultScope: 'Singleton' });
  const release = async () => {
    await container.unbindAllAsync().catch(() => undefined);
  };
  try {
    const bound: string[] = [];
    const load = async () => {
      await container.loadAsync(noting(module, bound));
      return takeParts(container, manifest, bound);
    };
    const parts = await within(
      load(),
      timeoutMs,
      () => new Refusal('MODULE_FAILED', `Binding the connector's parts did not end within ${timeoutMs} ms.`),
      (error) => new Refusal('MODULE_FAILED', `The connector's module failed. ${reasonOf(error)}`),
    );
    return { parts, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The module, noting the names that it binds something to: a mistyped one is told by it. */
function noting(module: ContainerModule, bound: string[]): ContainerModule {
  return new ContainerModule((options) =>
    module.load({
      ...options,
      bind: ((service) => {
        bound.push(typeof service === 'function' ? `the class ${service.name}` : String(service));
        return options.bind(service);
      }) as typeof options.bind,
    }),
  );
}

async function takeParts(
  container: Container,
  manifest: ConnectorManifest,
  bound: readonly string[],
): Promise<ConnectorParts> {
  const deletion = container.isCurrentBound(ServiceIdentifier.deletion);
  const detection = container.isCurrentBound(ServiceIdentifier.systemDetection);
  if (!container.isCurrentBound(ServiceIdentifier.connector)) {
    throw new Refusal('CONNECTOR_NOT_BOUND', `The module binds nothing to ${nameOf('connector')}. ${listed(bound)}`);
  }
  agree('deletion', manifest.deletion !== undefined, deletion, bound);
  agree('systemDetection', manifest.systemDetection !== undefined, detection, bound);
  const cancel = manifest.deletion?.cancellable === true ? ['cancel'] : [];
  return {
    connector: await part<Connector>(container, ServiceIdentifier.connector, 'Connector', ['validate', 'check']),
    ...(deletion
      ? {
          deletion: await part<DeletionCapability>(container, ServiceIdentifier.deletion, 'DeletionCapability', [
            'plan',
            'submit',
            'reconcile',
            'status',
            ...cancel,
          ]),
        }
      : {}),
    ...(detection
      ? {
          systemDetection: await part<SystemDetectionCapability>(
            container,
            ServiceIdentifier.systemDetection,
            'SystemDetectionCapability',
            ['detect'],
          ),
        }
      : {}),
  };
}

function agree(
  block: 'deletion' | 'systemDetection',
  declared: boolean,
  isBound: boolean,
  bound: readonly string[],
): void {
  if (declared && !isBound) {
    throw new Refusal(
      'CAPABILITY_NOT_BOUND',
      `The manifest declares ${block}, and the module binds nothing to ${nameOf(block)}. ${listed(bound)}`,
    );
  }
  if (isBound && !declared) {
    throw new Refusal('CAPABILITY_NOT_DECLARED', `The module binds ${block}, and the manifest does not declare it.`);
  }
}

function nameOf(part: keyof typeof ServiceIdentifier): string {
  return `ServiceIdentifier.${part} (${String(ServiceIdentifier[part])})`;
}

function listed(bound: readonly string[]): string {
  return bound.length === 0 ? 'It binds nothing.' : `It binds ${bound.slice(0, 5).join(', ')}.`;
}

async function part<T>(container: Container, id: symbol, name: string, methods: readonly string[]): Promise<T> {
  const made = (await container.getAsync(id)) as Record<string, unknown> | undefined | null;
  const missing = methods.filter((method) => typeof made?.[method] !== 'function');
  if (missing.length > 0) {
    throw new Refusal('CAPABILITY_INCOMPLETE', `The ${name} that the module binds lacks ${missing.join(', ')}.`);
  }
  return made as T;
}
