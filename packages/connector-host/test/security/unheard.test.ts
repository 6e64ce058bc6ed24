/** What nobody listens to ends a process, or is waited for without end: errors that come late, twice, or where there is no answer at all. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sendOut } from '../../src/connections/outgoing.js';
import { Leases } from '../../src/engine/leases.js';
import { ImportText } from '../../src/intake/import-text.js';
import { Mendings } from '../../src/intake/mendings.js';
import { webhookSender } from '../../src/notices/webhook.js';
import { Listener } from '../../src/store/listener.js';
import { testDatabase } from '../postgres.js';

const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);
const after: (() => unknown)[] = [];
beforeEach(() => {
  process.on('uncaughtException', note);
});
afterEach(async () => {
  for (const undo of after.splice(0).reverse()) await undo();
  process.off('uncaughtException', note);
  expect(uncaught.splice(0)).toEqual([]);
});

/** Answers every connection with a text, whatever it asks. */
async function answering(answer: string): Promise<URL> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.write(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after.push(() => server.close());
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const sized = (status: string) => `HTTP/1.1 ${status} Any\r\ncontent-length: 2\r\n\r\n{}`;
const switching = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n';

describe('a file that is packed', () => {
  test('and breaks off ends its import with the reason, and nothing else', async () => {
    const upload = new PassThrough();
    const packed = gzipSync(Buffer.from('request_id,user_id\n'.padEnd(200_000, 'a1b2c3')));
    upload.write(packed.subarray(0, packed.length - 20));
    const reading = (async () => {
      for await (const part of new ImportText(upload, new Mendings()).parts()) expect(part).not.toBe('');
    })();
    setImmediate(() => upload.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('and damaged is told to be so', async () => {
    const damaged = gzipSync('request_id,user_id\nx1,jdoe\n').subarray(0, 30);
    const reading = (async () => {
      for await (const part of new ImportText(Readable.from([damaged]), new Mendings()).parts()) void part;
    })();
    await expect(reading).rejects.toMatchObject({ errors: [{ code: 'PACKED' }] });
  });
});

describe('an answer that is none', () => {
  const ask = (url: URL) =>
    sendOut({ url, method: 'POST', headers: {}, body: 'x', timeoutMs: 20_000 }, [
      { host: '127.0.0.1', port: Number(url.port), secure: false, inside: true },
    ]);

  test('of a vendor is told, and not waited for', async () => {
    await expect(ask(await answering(switching))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(ask(await answering(sized('999')))).rejects.toMatchObject({ code: 'VENDOR_ANSWER_UNREADABLE' });
    expect((await ask(await answering(sized('205')))).status).toBe(205);
    expect((await ask(await answering(sized('200')))).status).toBe(200);
  });

  test('of the receiver of a notice is told, and not waited for', async () => {
    const url = await answering(switching);
    const send = webhookSender({ allowed: [url.origin], patienceMs: 20_000 });
    const failure = await send({
      url: url.href,
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      id: '1',
      seconds: 1,
      body: '{}',
    });
    expect(failure).toMatchObject({ code: 'WEBHOOK_UNREACHED' });
  });
});

describe('a connection to the database that cannot even be made', () => {
  /** As where a certificate that the URL names is missing for a moment. */
  function missingAtFirst(connection: object): object {
    let asked = 0;
    return Object.defineProperty({ ...connection }, 'ssl', {
      enumerable: true,
      get: () => {
        asked += 1;
        if (asked < 2) throw new Error('ENOENT: no such file');
        return false;
      },
    });
  }

  test('is made again: who listens hears, and leases are given', async () => {
    const database = await testDatabase();
    after.push(() => database.drop());
    const met = { met: () => undefined };
    const listener = new Listener(missingAtFirst(database.db.connection), met);
    after.push(() => listener.close());
    let connected: () => void = () => undefined;
    const again = new Promise<void>((resolve) => (connected = resolve));
    await listener.listen('x', { hear: () => undefined, caughtUp: () => connected() });
    await again;
    const leases = new Leases(missingAtFirst(database.db.connection), met);
    after.push(() => leases.close());
    await expect(leases.take('one')).rejects.toThrow('ENOENT');
    const lease = await leases.take('one');
    await lease?.release();
    expect(lease).toBeDefined();
  });
});

test('a log that cannot be written ends no work', async () => {
  const module = fileURLToPath(new URL('../../dist/log.js', import.meta.url));
  const program = `const { openLog } = await import(${JSON.stringify(module)}); const log = openLog();
    for (let i = 0; i < 3; i += 1) log.info('line'); setTimeout(() => process.stdout.write('went on'), 50);`;
  const shell = `exec ${process.execPath} --input-type=module -e "$0" 2> /dev/full`;
  const { stdout, code } = await new Promise<{ stdout: string; code: unknown }>((resolve) => {
    execFile('sh', ['-c', shell, program], (error, out) => resolve({ stdout: out, code: error?.code ?? 0 }));
  });
  expect({ stdout, code }).toEqual({ stdout: 'went on', code: 0 });
});

describe('a log that nobody reads', () => {
  /** Writes more lines than a pipe and the host's own memory for them hold, and says so on standard output. */
  const program = `const { openLog } = await import(${JSON.stringify(fileURLToPath(new URL('../../dist/log.js', import.meta.url)))});
    const log = openLog();
    for (let i = 0; i < 20_000; i += 1) log.info({ i, filler: 'x'.repeat(100) }, 'line');
    process.stdout.write('went on');
    process.stdin.once('data', () => process.stdin.destroy());`;

  function begin() {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'pipe'] });
    after.push(() => child.kill('SIGKILL'));
    return child;
  }

  test('holds nothing up, and ends with the process', async () => {
    const child = begin();
    expect(String(await once(child.stdout, 'data'))).toBe('went on');
    child.stdin.write('end');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('is whole as far as it goes for who reads it later, and says how many lines are lost', async () => {
    const child = begin();
    await once(child.stdout, 'data');
    child.stdin.write('end');
    const lines = (await text(child.stderr))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const lost = Number.parseInt(lines.pop().msg, 10);
    expect(lines.map(({ i }) => i)).toEqual(lines.map((_, i) => i));
    expect(lost).toBeGreaterThan(0);
    expect(lines.length + lost).toBe(20_000);
  });
});

test('a connector that cannot be started, since no descriptor is free, ends no host', async () => {
  const module = fileURLToPath(new URL('../../dist/plugins/isolation/launch.js', import.meta.url));
  const program = `import { closeSync, openSync } from 'node:fs';
    const { launch } = await import(${JSON.stringify(module)});
    process.on('uncaughtException', (error) => { process.stdout.write('uncaught ' + error.code); process.exit(70); });
    const held = [];
    try { for (;;) held.push(openSync('/dev/null', 'r')); } catch {}
    for (const fd of held.splice(0, 4)) closeSync(fd);
    try { launch({ readable: [], workingFolder: '/', limits: { heapMiB: 64 } }); process.stdout.write('started'); }
    catch (error) { process.stdout.write(error.message); }
    setTimeout(() => process.exit(0), 200);`;
  const shell = `ulimit -n 60; exec ${process.execPath} --input-type=module -e "$0"`;
  const { stdout, code } = await new Promise<{ stdout: string; code: unknown }>((resolve) => {
    execFile('sh', ['-c', shell, program], (error, out) => resolve({ stdout: out, code: error?.code ?? 0 }));
  });
  expect({ stdout, code }).toEqual({ stdout: 'The process of the connector could not be started.', code: 0 });
});
