/** The vendor: a sandbox in a process of its own, steered and counted over HTTP. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { RunningProcess } from './running-process.js';

const require = createRequire(import.meta.url);

/** A fault as the sandbox takes it; see the README of segment-sandbox. */
export interface Fault {
  readonly on: string;
  readonly kind: string;
  readonly status?: number;
  readonly probability?: number;
  readonly times?: number;
  readonly afterMs?: number;
  readonly applied?: boolean;
}

/** What the vendor has. */
export interface VendorRecords {
  /** In how many regulations each identifier is. */
  readonly times: ReadonlyMap<string, number>;
  readonly regulations: number;
}

/** A sandbox. */
export class Vendor {
  private constructor(
    private readonly process: RunningProcess,
    readonly url: string,
    /** Of the owner of `acme-demo`. */
    readonly token: string,
  ) {}

  static async start(folder: string, seed: number): Promise<Vendor> {
    const manifest = require.resolve('segment-sandbox/package.json');
    const process = RunningProcess.start({
      name: 'sandbox',
      file: join(manifest, '..', 'dist', 'cli.js'),
      // A day passes in a millisecond: deletions end soon after they began.
      args: ['--seed', String(seed), '--speed', '86400000', '--quota', 'off'],
      environment: {},
      logFile: join(folder, 'sandbox.log'),
    });
    const ready = await process.ready;
    const tokens = ready['tokens'] as { publicOwner: string };
    return new Vendor(process, String(ready['url']), tokens.publicOwner);
  }

  async addFaults(faults: readonly Fault[]): Promise<void> {
    for (const fault of faults) await this.control('POST', '/faults', fault);
  }

  /** How often a fault has happened, of all in force. */
  async faultsHappened(): Promise<number> {
    const found = (await this.control('GET', '/faults')) as { happened: number }[];
    return found.reduce((all, { happened }) => all + happened, 0);
  }

  /** Takes all faults out; answers how often each kind had happened. */
  async clearFaults(): Promise<ReadonlyMap<string, number>> {
    const found = (await this.control('GET', '/faults')) as (Fault & { happened: number })[];
    await this.control('DELETE', '/faults');
    const happened = new Map<string, number>();
    for (const { kind, status, happened: times } of found) {
      const name = kind === 'status' ? String(status) : kind;
      happened.set(name, (happened.get(name) ?? 0) + times);
    }
    return happened;
  }

  /** How many regulations there are. */
  async regulations(): Promise<number> {
    return ((await this.control('GET', '')) as { regulations: number }).regulations;
  }

  /** The sandbox's own count: identifiers that are in more than one regulation. */
  async tally(): Promise<{ regulations: number; identifiers: number; doubled: number }> {
    return (await this.control('GET', '/tally')) as { regulations: number; identifiers: number; doubled: number };
  }

  async records(): Promise<VendorRecords> {
    const all = (await this.control('GET', '/regulations?subjects=true')) as { subjectIds: string[] }[];
    const times = new Map<string, number>();
    for (const { subjectIds } of all) {
      for (const one of new Set(subjectIds)) times.set(one, (times.get(one) ?? 0) + 1);
    }
    return { times, regulations: all.length };
  }

  /** Whether it still runs: its records are in its memory. */
  get running(): boolean {
    return this.process.running;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  private async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}
