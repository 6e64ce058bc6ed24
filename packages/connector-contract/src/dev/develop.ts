import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { watchFolders } from './changes.js';
import { keepBuilding, makeFromManifest } from './compiling.js';
import type { Project } from './project.js';
import { type Line, parsed, Server } from './server.js';

/** How a connector is developed. */
export interface DevelopTerms {
  readonly project: Project & { readonly host: string };
  readonly port: number;
  readonly stubPort: number;
  /** Port of the debugger in the connector's process. */
  readonly inspect: number | undefined;
  readonly tell: (text: string) => void;
}

/** Severity from which the host's log is of interest here, as its JSON has it. */
const WARNING = 40;

/** Stub, host and console together, which go on with what is saved. */
export class Development {
  readonly #token = process.env['CONNECTOR_HOST_ADMIN_TOKEN'] ?? randomUUID();
  #dataDir = '';
  #stub: Server | undefined;
  #host: Server | undefined;
  #config: unknown;
  #url = '';
  #connected = false;
  #savedAt: number | undefined;
  #closers: (() => void)[] = [];

  constructor(private readonly terms: DevelopTerms) {}

  /** Starts everything; rejects where something does not start. */
  async start(): Promise<void> {
    const { project, tell, port } = this.terms;
    const { folder, compiler } = project;
    await this.#makeFromManifest();
    if (compiler !== undefined) {
      const { built, stop } = keepBuilding(compiler, folder, tell);
      this.#closers.push(stop);
      await built;
    }
    await this.#startStub();
    // An embedded PostgreSQL runs as another user where this one is root.
    this.#dataDir = await mkdtemp(join(tmpdir(), 'connector-dev-'));
    await chmod(this.#dataDir, 0o755);
    this.#host = new Server(
      this.#hostArguments(),
      folder,
      { ...process.env, ...this.environment },
      {
        heard: (line) => this.#heard(line),
        said: (text) => this.#said(text),
      },
    );
    this.#url = String((await this.#host.ready)['url']);
    void this.#host.ended.then((code) => tell(`The host ended with code ${code}.`));
    await this.#connect();
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && /^(dist|lib|manifests)$/.test(entry.name));
    const watched = compiler === undefined && folders.every(({ name }) => name === 'manifests') ? [folder] : [];
    this.#closers.push(
      watchFolders(
        [...watched, ...folders.map(({ name }) => join(folder, name))],
        (paths) => void this.#changed(paths),
      ),
    );
    const given = process.env['CONNECTOR_HOST_ADMIN_TOKEN'] === undefined ? `, token ${this.#token}` : '';
    tell(`Console at http://127.0.0.1:${port}${given}`);
  }

  /** What `connector-host` commands need to speak to this host. */
  get environment(): Readonly<Record<string, string>> {
    return {
      CONNECTOR_HOST_URL: `http://127.0.0.1:${this.terms.port}`,
      CONNECTOR_HOST_TOKEN: this.#token,
      CONNECTOR_HOST_ADMIN_TOKEN: this.#token,
    };
  }

  async stop(): Promise<void> {
    for (const close of this.#closers) close();
    await this.#host?.stop();
    await this.#stub?.stop();
    if (this.#dataDir !== '') await rm(this.#dataDir, { recursive: true, force: true });
  }

  #hostArguments(): string[] {
    const { project, port, stubPort, inspect } = this.terms;
    return [
      ...[project.host, 'serve', '--root', project.folder, '--port', String(port), '--data-dir', this.#dataDir],
      ...['--allow-endpoint', `http://127.0.0.1:${stubPort}`, '--plan-window', '100', '--poll-interval', '300'],
      ...['--log-level', 'warn', '--develop', ...(inspect === undefined ? [] : ['--inspect', String(inspect)])],
    ];
  }

  async #startStub(): Promise<void> {
    const { project, stubPort, tell } = this.terms;
    const said = (text: string): void => tell(`stub | ${text}`);
    await this.#stub?.stop();
    this.#stub = new Server([project.stub, String(stubPort)], project.folder, process.env, {
      heard: () => undefined,
      said,
    });
    const { config } = await this.#stub.ready;
    this.#config = config;
  }

  async #makeFromManifest(): Promise<void> {
    const problem = await makeFromManifest(this.terms.project.folder);
    if (problem !== undefined) this.terms.tell(problem);
  }

  async #changed(paths: readonly string[]): Promise<void> {
    const { project, tell } = this.terms;
    const within = paths.map((path) => relative(project.folder, path));
    tell(`${within[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''} changed`);
    this.#savedAt = performance.now();
    if (within.some((path) => /^manifests[/\\]/.test(path))) await this.#makeFromManifest();
    if (within.some((path) => /[/\\]test[/\\]/.test(path))) {
      this.#startStub().catch((error: unknown) => tell(`The stub did not start: ${(error as Error).message}.`));
    }
    this.#host?.signal('SIGUSR2');
  }

  #heard(line: Line): void {
    if (line['reloaded'] !== true) return;
    const took = ((performance.now() - (this.#savedAt ?? performance.now())) / 1000).toFixed(1);
    this.terms.tell(`The connector was replaced, ${took} s after the build.`);
    if (!this.#connected) this.#connect().catch((error: unknown) => this.terms.tell(String(error)));
  }

  /** The host's log is JSON, of which warnings are told; other lines are the connector's own. */
  #said(text: string): void {
    const line = parsed(text);
    if (line === undefined) {
      this.terms.tell(text);
      return;
    }
    const { level, msg, code, reason } = line;
    if (typeof level !== 'number' || level < WARNING || /behind a fence/.test(String(msg))) return;
    this.terms.tell(`host | ${String(msg)}${code === undefined ? '' : `: ${String(code)}: ${String(reason ?? '')}`}`);
  }

  /** Makes the connection to the stub, by which people can be erased at once. */
  async #connect(): Promise<void> {
    const { tell } = this.terms;
    if (this.#config === undefined) {
      tell('The stub says no `config`, so make the connection in the console.');
      return;
    }
    const { items } = (await this.#ask('GET', 'connectors')) as { items: readonly Line[] };
    const ready = items.find(({ state }) => state === 'ready');
    if (ready === undefined) {
      for (const { id, code, reason, remedy } of items)
        tell(`${id} is refused. ${code}: ${reason}\n  What to do: ${remedy}`);
      return;
    }
    const made = await this.#ask('POST', 'connections', { connector: ready['id'], name: 'Stub', config: this.#config });
    this.#connected = made['id'] !== undefined;
    tell(this.#connected ? `Connected ${String(ready['id'])} to the stub.` : `Not connected: ${JSON.stringify(made)}`);
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Line> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.#url}/api/v1/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Line;
  }
}
