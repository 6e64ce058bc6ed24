/**
 * The host, put together.
 *
 *     const host = await startHost({ dataDir: '.connector-host', roots: [process.cwd()], port: 4600 });
 *     console.log(host.url);
 *     await host.close();
 *
 * A process may serve the HTTP API, do the work, or both; any number of either share one database.
 */
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { Sessions } from './access/sessions.js';
import { AccessTokens } from './access/tokens.js';
import { ARRIVAL_MS } from './api/arrival.js';
import { EventFeed } from './api/event-feed.js';
import { readinessOf } from './api/readiness.js';
import { buildApi } from './api/server.js';
import { MOST_STRANGERS } from './api/strangers.js';
import { AuditLog } from './audit/log.js';
import { Connections } from './connections/connections.js';
import { allowedOrigins } from './connections/endpoints.js';
import { PgBossEngine } from './engine/pg-boss-engine.js';
import { given } from './given.js';
import type { HostOptions } from './host-options.js';
import { readOffers } from './intake/terms.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { type Logger, openLog } from './log.js';
import { mailer } from './notices/mail.js';
import { readMail } from './notices/mail-settings.js';
import { Notices } from './notices/notices.js';
import { webhookSender } from './notices/webhook.js';
import { developing } from './plugins/develop.js';
import { ConnectorRegistry } from './plugins/registry.js';
import { type PublicUrl, readPublicUrl } from './public-url.js';
import { Receipts } from './receipts/receipts.js';
import { SigningKeys } from './receipts/signing-keys.js';
import { type ClockSettings, usualClock } from './requests/legal-clock.js';
import { Requests } from './requests.js';
import { Retention } from './retention/retention.js';
import { Fingerprints } from './rotation/fingerprints.js';
import { PeopleKey } from './rotation/people-key.js';
import { Keyring } from './sealing/keyring.js';
import { closing, Undo } from './shutdown.js';
import { type Database, openDatabase } from './store/database.js';
import { DatabaseClock } from './store/database-clock.js';
import { isTransient } from './store/database-errors.js';
import { Processes } from './store/processes.js';
import { Systems } from './systems/systems.js';
import { demandUsable, listenProblem } from './usable-options.js';

/** A running host. */
export interface Host {
  /** Where the API is; absent for a process that only works. */
  readonly url?: string;
  /** A super-admin token that was made just now, to be shown once. */
  readonly newToken?: string;
  readonly requests: Requests;
  readonly connections: Connections;
  readonly systems: Systems;
  readonly lifecycle: Lifecycle;
  readonly registry: ConnectorRegistry;
  readonly tokens: AccessTokens;
  readonly retention: Retention;
  readonly notices: Notices;
  readonly log: Logger;
  /** Looks again at which connectors are installed, as at the start, and goes on with those. Calls under way come to their end. */
  reload(): Promise<void>;
  /**
   * Takes no more calls and no more jobs, lets what runs come to an end, and closes. May be called twice.
   * @param graceMs how long running work may take. Default 20 seconds.
   */
  close(graceMs?: number): Promise<void>;
}

/** How often a host begins again whose database went away while it was starting. */
const MOST_STARTS = 5;

/**
 * Starts a host. Where its database goes away meanwhile, it begins again.
 * @throws HostProblem OPTION_INVALID or NOT_READY (the database does not answer), SealingError, or Error in plain words; what was started by then is closed again.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const log = options.log ?? openLog();
  demandUsable(options);
  for (let starts = 1; ; starts += 1) {
    const undo = new Undo(log);
    // Has a patience of its own with a server that does not answer yet.
    const db = await databaseOf(options, log);
    undo.later('database', () => db.close());
    try {
      return await start(options, db, log, undo);
    } catch (error) {
      await undo.run(0);
      if (!isTransient(error) || starts === MOST_STARTS) throw error;
      log.warn({ err: error }, 'The database went away while the host was starting; it starts again');
    }
  }
}

function databaseOf({ dataDir, databaseUrl, poolSize, freeBytes }: HostOptions, log: Logger): Promise<Database> {
  return openDatabase({
    dataDir,
    log,
    ...given({ url: databaseUrl, poolSize, freeBytes }),
  });
}

async function start(options: HostOptions, db: Database, log: Logger, undo: Undo): Promise<Host> {
  const { dataDir, serve = true, work = true, allowEndpoints = [] } = options;
  const publicUrl = options.publicUrl === undefined ? undefined : readPublicUrl(options.publicUrl);
  const mail = options.mail === undefined ? {} : { mailer: mailer(readMail(options.mail)) };
  const allowedWebhooks = allowedOrigins(options.allowWebhooks ?? [], '--allow-webhook');
  const kept = options.clock === undefined ? await DatabaseClock.open({ ...db, log }) : undefined;
  undo.later('clock', async () => kept?.close());
  const clock = options.clock ?? (kept as DatabaseClock);
  const processes = kept && new Processes({ ...db, clock: kept, does: serve ? 'serve' : 'worker' });
  undo.later('processes', async () => processes?.stop());
  await processes?.start();
  const { masterKey, masterKeyCommand } = options;
  const keyring = await Keyring.open(db, {
    dataDir,
    ...given({ masterKey, masterKeyCommand }),
  });
  const registry = await ConnectorRegistry.load({
    roots: options.roots,
    log,
    secretPaths: [dataDir, ...(options.secretPaths ?? [])],
    ...given({ isolation: options.isolation, requireWall: options.requireWall, proxies: options.proxies }),
    ...(options.develop === undefined ? {} : developing(options.develop)),
  });
  undo.later('plugins', () => registry.close());

  const engine = new PgBossEngine({ db, log, ...(kept === undefined ? {} : { now: () => kept.now() }) });
  const connections = new Connections({ db, keyring, registry, clock, log, allowEndpoints, proxies: options.proxies });
  const legal: ClockSettings = {
    zone: options.zone ?? usualClock.zone,
    jurisdiction: options.jurisdiction ?? usualClock.jurisdiction,
    ...given({ days: options.jurisdictionDays }),
  };
  const lifecycle = new Lifecycle({
    db,
    engine,
    connections,
    manifestOf: (connector) => registry.manifest(connector),
    people: () => keyring.people(),
    offers: () => readOffers({ connections, registry }),
    clock,
    zone: legal.zone,
    log,
    planWindowMs: options.planWindowMs ?? 60_000,
    ...given({ pollIntervalMs: options.pollIntervalMs }),
  });
  const systems = new Systems({ db, connections, registry, engine, clock, log, zone: legal.zone });
  const wake = (id: string) => lifecycle.wake(id);
  const requests = new Requests({ db, keyring, clock, connections, registry, legal, wake });
  const tokens = new AccessTokens(db, clock, log);
  const { retentionDays: days, longestRetentionDays: longestDays } = options;
  const retention = new Retention({
    db,
    engine,
    clock,
    log,
    ...given({ days, longestDays }),
  });
  const { noticeRetentionDays } = options;
  const notices = new Notices({
    db,
    engine,
    keyring,
    clock,
    log,
    ...mail,
    webhooks: webhookSender({ allowed: allowedWebhooks }),
    allowed: allowedWebhooks,
    zone: legal.zone,
    ...siteOf(publicUrl),
    ...given({ days: noticeRetentionDays }),
  });
  undo.later('notices', async () => notices.stop());
  const peopleKey = new PeopleKey({ db, engine, keyring, clock, log });
  const fingerprints = new Fingerprints({ db, engine, keyring, clock, log });
  connections.whenActive(async (id) => {
    await lifecycle.resume(id);
    await systems.schedule(id);
  });

  undo.later('engine', (graceMs) => lifecycle.stop(graceMs));
  if (work) {
    await systems.work();
    await retention.work();
    await peopleKey.work();
    await fingerprints.work();
    await notices.work();
    await lifecycle.start(options.concurrency);
    await systems.schedule();
    await retention.schedule(0);
    await peopleKey.resume();
    await fingerprints.resume();
    await notices.wake();
  } else await engine.start();

  let [closed, reloading] = [false, Promise.resolve()];
  // What is new may look through its systems more often, or for the first time.
  const lookThrough = async () => {
    if (work && !closed) await systems.schedule();
  };
  registry.whenReady(lookThrough);
  const reload = () => {
    reloading = registry.reload().then(lookThrough);
    return reloading;
  };
  undo.later('reload', () => {
    closed = true;
    return reloading;
  });
  const parts = { reload, registry, requests, connections, systems, lifecycle, tokens, retention, notices, log };
  const close = closing(undo);
  if (!serve) return { ...parts, close };
  const feed = new EventFeed(db, { log });
  undo.later('events', () => feed.stop());
  await feed.start();
  const signingKeys = new SigningKeys(db, keyring, clock);
  const receipts = new Receipts({ db, clock, registry, keys: signingKeys });
  const audit = new AuditLog(db);
  const app = await buildApi({
    ...parts,
    db,
    clock,
    ...given({ clocks: kept, processes }),
    keyring,
    peopleKey,
    engine,
    receipts,
    signingKeys,
    audit,
    sessions: new Sessions(db, clock),
    feed,
    settings: { ...legal, confirmAbove: options.confirmAbove ?? 100 },
    readiness: () => readinessOf({ db, engine, registry, clock, ...given({ processes }) }),
    hostNames: new Set([...(options.allowHosts ?? []).map((name) => name.toLowerCase()), ...hostnameOf(publicUrl)]),
    ...given({ publicUrl }),
    callsPerMinute: options.callsPerMinute ?? 12_000,
    silenceMs: options.silenceMs ?? 6 * 60_000,
    arrivalMs: options.arrivalMs ?? ARRIVAL_MS,
    strangers: options.strangers ?? MOST_STRANGERS,
    ...given({ tls: options.tls, consoleDir: options.consoleDir }),
  });
  undo.later('api', async (graceMs) => {
    // Calls that do not end by themselves, such as an upload that has stalled.
    const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
    await app.close().finally(() => clearTimeout(timer));
  });
  // Whoever finds the host listening finds the operator's token good as well.
  const newToken = await tokens.ensureFirst(options.adminToken);
  await app.listen({ port: options.port ?? 4600, host: options.host ?? '127.0.0.1' }).catch(async (error: unknown) => {
    // Nobody is shown the token of a start that fails; without it, the next start makes another.
    if (newToken !== undefined) await tokens.withdraw(newToken);
    throw listenProblem(error, options);
  });
  const url = urlOf(app.server.address() as AddressInfo, options.tls !== undefined);
  // Whoever keeps the log elsewhere can hold a later audit log against it.
  const { seq, hash } = await audit.head();
  log.info({ seq, hash: hash.toString('hex') }, 'The audit log ends here');
  log.info({ url, work }, 'The host is ready');
  return { ...parts, url, ...given({ newToken }), close };
}

/** What links in messages begin with. */
function siteOf(publicUrl: PublicUrl | undefined): { readonly site?: string; readonly base?: string } {
  if (publicUrl === undefined) return {};
  const site = `${publicUrl.origin}${publicUrl.prefix}`;
  return { site, base: `${site}/console` };
}

function hostnameOf(publicUrl: PublicUrl | undefined): readonly string[] {
  return publicUrl === undefined ? [] : [publicUrl.hostname];
}

function urlOf({ address, port }: AddressInfo, tls: boolean): string {
  const any = address === '0.0.0.0' || address === '::';
  const name = any ? '127.0.0.1' : isIP(address) === 6 ? `[${address}]` : address;
  return `${tls ? 'https' : 'http'}://${name}:${port}`;
}
