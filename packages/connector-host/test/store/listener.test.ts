import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import { Listener } from '../../src/store/listener.js';
import { sharedDataDir, type TestDatabase, testDatabase, testLog } from '../postgres.js';

let database: TestDatabase;
const after: (() => unknown)[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const undo of after.splice(0).reverse()) await undo();
});
afterAll(() => database.drop());

/** Stands between the host and the server, and ends or silences the connections there are. */
class Middle {
  private readonly clients = new Map<Socket, Socket>();
  private constructor(
    private readonly own: Server,
    readonly url: string,
  ) {
    own.on('connection', (client) => {
      const { host, port } = new pg.Client(database.url);
      const server = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect({ host, port });
      this.clients.set(client, server);
      client.on('close', () => this.clients.delete(client) && server.destroy()).on('error', () => undefined);
      server.on('close', () => client.destroy()).on('error', () => undefined);
      client.pipe(server).pipe(client);
    });
  }

  static async start(): Promise<Middle> {
    const own = createServer().listen(0, '127.0.0.1');
    await once(own, 'listening');
    const { user, password, database: name } = new pg.Client(database.url);
    const { port } = own.address() as AddressInfo;
    return new Middle(own, `postgresql://${user}:${encodeURIComponent(String(password))}@127.0.0.1:${port}/${name}`);
  }

  /** Ends the connections there are with last words. */
  end(words: Buffer): void {
    for (const client of this.clients.keys()) client.end(words);
  }

  /** Nothing passes any more through the connections there are, and nobody is told. */
  silence(): void {
    for (const [client, server] of this.clients) {
      client.unpipe();
      server.unpipe();
    }
  }

  stop(): void {
    this.own.close();
    for (const client of this.clients.keys()) client.destroy();
  }
}

/** What is heard on a channel, each with who is waiting for it. */
class Ear {
  readonly heard: string[] = [];
  connected = 0;
  private wake: () => void = () => undefined;
  readonly hear = (payload: string): void => {
    this.heard.push(payload);
    this.wake();
  };
  readonly caughtUp = (): void => {
    this.connected += 1;
    this.wake();
  };
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

const say = (channel: string, payload: string) =>
  database.db.pool.query('select pg_notify($1, $2)', [channel, payload]);

test('one connection hears all channels, and hears them again after it broke', async () => {
  const met: string[] = [];
  const listener = new Listener(database.db.connection, { met: (_error, what) => void met.push(what) });
  after.push(() => listener.close());
  const [one, other] = [new Ear(), new Ear()];
  await Promise.all([listener.listen('one', one), listener.listen('Other "x"', other)]);
  await say('one', 'a');
  await say('Other "x"', 'b');
  await Promise.all([one.until(() => one.heard.length === 1), other.until(() => other.heard.length === 1)]);
  const { rows } = await database.db.pool.query(
    `select pg_terminate_backend(pid) as ended from pg_stat_activity
     where application_name = 'connector-host listens' and datname = current_database()`,
  );
  expect(rows).toEqual([{ ended: true }]);
  const before = [one.connected, other.connected];
  await one.until(() => one.connected > (before[0] ?? 0));
  await other.until(() => other.connected > (before[1] ?? 0));
  await say('one', 'c');
  await say('Other "x"', 'd');
  await Promise.all([one.until(() => one.heard.length === 2), other.until(() => other.heard.length === 2)]);
  expect([one.heard, other.heard]).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
  expect(met).toEqual(['Listening to the database broke off']);
  listener.forget('one');
  await say('one', 'e');
  await say('Other "x"', 'f');
  await other.until(() => other.heard.length === 3);
  expect(one.heard).toEqual(['a', 'c']);
});

test('a connection that was cut in silence is opened anew', async () => {
  const middle = await Middle.start();
  after.push(() => middle.stop());
  // Whatever is opened after the first trouble passes.
  const listener = new Listener(
    { connectionString: middle.url },
    { met: () => undefined },
    { pingMs: 50, patienceMs: 500 },
  );
  after.push(() => listener.close());
  const ear = new Ear();
  await listener.listen('silent', ear);
  const { connected } = ear;
  middle.silence();
  await say('silent', 'lost');
  await ear.until(() => ear.connected > connected);
  await say('silent', 'heard');
  await ear.until(() => ear.heard.includes('heard'));
  expect(ear.heard).toEqual(['heard']);
});

/** An error of a server, as it comes over the wire. */
function errorMessage(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mended\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

test('two errors at once, as a pooler sends them whose server is gone, end the connections and not the process', async () => {
  const middle = await Middle.start();
  after.push(() => middle.stop());
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', note);
  after.push(() => process.off('uncaughtException', note));
  const db: Database = await openDatabase({ url: middle.url, dataDir: sharedDataDir, log: testLog });
  after.push(() => db.close());
  const engine = new PgBossEngine({ db, log: testLog });
  after.push(() => engine.stop(0));
  await engine.start();
  const ear = new Ear();
  await db.listener.listen('mine', ear);
  const { connected } = ear;
  middle.end(Buffer.concat([errorMessage('57P01'), errorMessage('08P01')]));
  await ear.until(() => ear.connected > connected);
  await say('mine', 'heard');
  await ear.until(() => ear.heard.includes('heard'));
  expect(uncaught).toEqual([]);
});
