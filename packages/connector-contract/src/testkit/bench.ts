import { Container, type ContainerModule } from 'inversify';
import type { ConnectorManifest } from '../manifest/index.js';
import { SkippingClock } from './clock.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { Gate } from './gate.js';
import type { ContractOptions } from './options.js';
import { watchConnections } from './reach.js';
import type { ConfigCase } from './vendor.js';

/** What a rule works with: the connector, the vendor stub, and the kit's proxy between them. */
export class Bench {
  readonly clock = new SkippingClock();
  readonly gate: Gate;
  /** Hosts that calls of the connector have connected to and that are none of their connection's, each with its port. */
  readonly strangers = new Set<string>();
  private unwatch: () => void = () => undefined;
  /** Taken as it is: whether it is in order is a rule of its own. */
  readonly manifest: ConnectorManifest;

  constructor(readonly options: ContractOptions) {
    this.manifest = options.manifest as ConnectorManifest;
    const { vendor } = options;
    this.gate = new Gate(
      (status, message) => vendor.errorBody?.(status, message) ?? JSON.stringify({ message }),
      (call) => vendor.reads?.(call),
      this.clock,
    );
  }

  get vendor(): ContractOptions['vendor'] {
    return this.options.vendor;
  }

  async start(): Promise<void> {
    await this.gate.start(await this.vendor.start(this.clock));
    this.unwatch = watchConnections();
  }

  async stop(): Promise<void> {
    this.unwatch();
    await this.gate.stop();
    await this.vendor.stop();
  }

  /** The configuration of a case as a person enters it. */
  raw(kind: ConfigCase = 'valid'): Readonly<Record<string, unknown>> {
    return this.vendor.config(kind, this.gate.origin);
  }

  /** Loads the connector into a container of its own, below one that stands for the host's. */
  async load(host = new Container()): Promise<{ container: Container; module: ContainerModule }> {
    const module = await this.options.load();
    if (typeof (module as { load?: unknown } | null | undefined)?.load !== 'function') {
      throw new Error(
        'EXPORT_NOT_A_MODULE: the option `load` gives no Inversify ContainerModule. Export one under the name that `entry.export` of the manifest gives (default `connectorModule`), and let `load` answer it.',
      );
    }
    const container = new Container({ parent: host });
    await container.loadAsync(module);
    return { container, module };
  }

  /** A fresh connection to a vendor that knows nothing yet. */
  async connect(options: ConnectionOptions = {}): Promise<Connection> {
    await this.vendor.reset();
    this.gate.clear();
    const { container } = await this.load();
    return this.connection(container, options);
  }

  /** A connection with the parts of a container. */
  connection(container: Container, options: ConnectionOptions = {}): Connection {
    return new Connection(this, container, options);
  }

  /** Like {@link connect}, with what a check learns already known and its calls forgotten. */
  async connected(options: ConnectionOptions = {}): Promise<Connection> {
    const connection = await this.connect(options);
    await connection.learn();
    this.gate.clear();
    return connection;
  }
}
