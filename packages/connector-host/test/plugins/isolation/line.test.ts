/** What goes over the line between host and connector, and what is made of it. */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { ConnectorManifest } from 'connector-contract';
import fc from 'fast-check';
import { isInside } from '../../../src/plugins/isolation/confined/addresses.js';
import { checkedLookup, notAllowed } from '../../../src/plugins/isolation/confined/egress.js';
import { Pages } from '../../../src/plugins/isolation/confined/pages.js';
import { BrokenFrame, ExcessiveFrame, FrameReader, sizeOf, writeFrame } from '../../../src/plugins/isolation/frames.js';
import { callIn, isFromConnector } from '../../../src/plugins/isolation/messages.js';
import { permitsOf } from '../../../src/plugins/isolation/permits.js';
import { Turnstile } from '../../../src/plugins/isolation/turnstile.js';

function framed(...messages: object[]): Buffer {
  const stream = new PassThrough();
  for (const message of messages) writeFrame(stream, message);
  // Node 26 hands out one piece at a time.
  const pieces: Buffer[] = [];
  for (let piece = stream.read(); piece !== null; piece = stream.read()) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe('a frame', () => {
  const messages = [{ kind: 'up' }, { text: 'Zoë 🦊 \ud800 שלום', list: [1, null, true] }, {}];

  test.each([1, 3, 7, 1_000])('is read whole, whatever pieces it comes in (%i bytes)', (size) => {
    const bytes = framed(...messages);
    const reader = new FrameReader();
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...reader.read(bytes.subarray(at, at + size)));
    expect(read).toEqual(messages);
  });

  test('that is larger than may be is not waited for', () => {
    const reader = new FrameReader(() => ({ bytes: 10, parts: 100 }));
    const [head, beginning] = [framed({ long: 'x'.repeat(20) }).subarray(0, 4), Buffer.alloc(0)];
    expect(() => [...reader.read(head)]).toThrow(expect.objectContaining({ beginning }));
  });

  test('that has more parts than may be is not parsed', () => {
    const most = sizeOf(Buffer.from('{"list":[1,[]]}'));
    const read = (message: object) => [...new FrameReader(() => ({ ...most, bytes: 1_000 })).read(framed(message))];
    expect(read({ list: [1, []] })).toEqual([{ list: [1, []] }]);
    expect(read({ text: '[[[[,,,,::::{{{{"[[\\"[' })).toHaveLength(1);
    expect(() => read({ list: [1, [], 2] })).toThrow(ExcessiveFrame);
    // Not even JSON: what would be parsed of it before that shows counts all the same.
    const broken = Buffer.from('____[[[[[[[[[[[[');
    broken.writeUInt32LE(12, 0);
    expect(() => [...new FrameReader(() => ({ ...most, bytes: 1_000 })).read(broken)]).toThrow(ExcessiveFrame);
  });

  test('has as many parts as there are openings, keys and separators in it, whatever its texts say', () => {
    const partsOf = (value: unknown): number => {
      if (typeof value !== 'object' || value === null) return 0;
      const inside = Object.values(value);
      const separators = Math.max(0, inside.length - 1);
      return (
        1 + separators + (Array.isArray(value) ? 0 : inside.length) + inside.reduce((sum, one) => sum + partsOf(one), 0)
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(sizeOf(Buffer.from(json)).parts).toBe(partsOf(JSON.parse(json)));
      }),
    );
  });

  test('that is not JSON is broken', () => {
    expect(() => [...new FrameReader().read(Buffer.from([1, 0, 0, 0, 120]))]).toThrow(BrokenFrame);
  });
});

describe('a message of a connector', () => {
  test.each([
    [{ kind: 'answer', call: 1, value: undefined }],
    [{ kind: 'log', call: 1, level: 'warn', message: 'x', fields: {} }],
    [{ kind: 'threw', call: 1, error: { name: 'Error', stack: '' } }],
  ])('of a known form is taken: %j', (message) => {
    expect(isFromConnector(message)).toBe(true);
  });

  test.each([
    [null],
    ['up'],
    [{}],
    [{ kind: 'unheard' }],
    [{ kind: 'answer' }],
    [{ kind: 'systems', call: 1, items: {}, done: true }],
    [{ kind: 'fault', call: 1, fault: null }],
    [{ kind: 'log', call: 1, level: 'constructor', message: 'x' }],
    [{ kind: 'ask', call: 1, ask: 1 }],
    [{ kind: 'ask', call: 1, ask: 1, what: { ms: 'long' } }],
    [{ kind: 'ask', call: 1, ask: 1, what: { put: 'name' } }],
    [{ kind: 'stray', error: {}, fatal: true }],
  ])('of another form is not: %j', (message) => {
    expect(isFromConnector(message)).toBe(false);
  });
});

describe('the call that a message is about', () => {
  test.each([
    [{ kind: 'answer', call: 12, value: 'x'.repeat(100) }, 12],
    [{ kind: 'not-plain', call: 3 }, 3],
    [{ kind: 'up' }, undefined],
    [{ call: 1, kind: 'answer' }, undefined],
  ])('is known from its first bytes: %j', (message, call) => {
    expect(callIn(Buffer.from(JSON.stringify(message)))).toBe(call);
  });
});

describe('the places a connection may reach', () => {
  const manifest = {
    network: { allowedHosts: ['api.example.com'], fromFields: ['url'] },
  } as unknown as ConnectorManifest;

  test('are those of the manifest, of its addresses and of the operator; only the last may be inside', () => {
    const config = { url: 'https://own.example.org:8443/v1' };
    expect(permitsOf(manifest, config, ['http://127.0.0.1:4700', 'http://[::1]', 'https://lab.example'])).toEqual([
      { host: 'api.example.com', port: 443, secure: true, inside: false },
      { host: 'own.example.org', port: 8443, secure: true, inside: false },
      { host: '127.0.0.1', port: 4700, secure: false, inside: true },
      { host: '::1', port: 80, secure: false, inside: true },
      { host: 'lab.example', port: 443, secure: true, inside: true },
    ]);
  });

  test('are those of the vendor alone where the manifest says which these are', () => {
    const network = { allowedHosts: [], fromFields: [{ field: 'url', hosts: ['*.auth0.com'] }] };
    const hostsOf = (url: string): readonly string[] =>
      permitsOf({ ...manifest, network }, { url }, []).map(({ host }) => host);
    expect(hostsOf('https://north.auth0.com/')).toEqual(['north.auth0.com']);
    for (const host of ['evil.com', 'a.b.auth0.com', 'auth0.com', 'x.auth0.com.evil.com']) {
      expect(hostsOf(`https://${host}/`)).toEqual([]);
    }
  });

  test('never come from an address in the configuration that is inside', () => {
    expect(permitsOf(manifest, { url: 'https://169.254.169.254/' }, [])).toHaveLength(1);
  });
});

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ])('%s is inside', (address) => expect(isInside(address)).toBe(true));
  test.each(['::1', '::', 'fc00::1', 'fe80::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', 'ff02::1'])(
    '%s is inside',
    (address) => expect(isInside(address)).toBe(true),
  );
  test.each(['not an address', '', '1.2.3'])('"%s" is no public one', (address) => {
    expect(isInside(address)).toBe(true);
  });
  test.each(['8.8.8.8', '172.32.0.1', '192.0.3.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isInside(address)).toBe(false);
  });
});

describe('a permitted name', () => {
  const resolved = (inside: boolean, addresses: readonly string[]) => {
    const approved: string[] = [];
    const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const lookup = checkedLookup(
      { host: 'api.example.com', port: 443, secure: true, inside },
      (address) => void approved.push(address),
      notAllowed,
      (_name, _options, done) => done(null, answers),
    );
    return new Promise((resolve) => {
      lookup('api.example.com', { all: true }, (error, found) => resolve({ error: error?.code, found, approved }));
    });
  };

  test('that leads into a private network leads nowhere', async () => {
    expect(await resolved(false, ['10.0.0.1', '::1'])).toMatchObject({ error: 'ENDPOINT_NOT_ALLOWED', approved: [] });
  });

  test('leads to those of its addresses that are public', async () => {
    expect(await resolved(false, ['10.0.0.1', '8.8.8.8'])).toMatchObject({
      found: [{ address: '8.8.8.8', family: 4 }],
      approved: ['8.8.8.8'],
    });
  });

  test('may lead into a private network where the operator named it', async () => {
    expect(await resolved(true, ['10.0.0.1'])).toMatchObject({ approved: ['10.0.0.1'] });
  });
});

describe('pages', () => {
  test('hold what is there at once, and do not wait to be full', async () => {
    let more: (() => void) | undefined;
    async function* numbers() {
      yield 1;
      yield 2;
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield 3;
    }
    const pages = new Pages(numbers());
    expect(await pages.next()).toEqual({ items: [1, 2], done: false });
    const last = pages.next();
    more?.();
    expect(await last).toEqual({ items: [3], done: true });
  });

  test('come before the failure that ends them', async () => {
    async function* numbers() {
      yield 1;
      throw new Error('broken off');
    }
    const pages = new Pages(numbers());
    expect(await pages.next()).toEqual({ items: [1], done: false });
    await expect(pages.next()).rejects.toThrow('broken off');
  });
});

describe('a turnstile', () => {
  test('lets the next in when one leaves, in the order in which they came', async () => {
    const turnstile = new Turnstile(1);
    const leave = await turnstile.enter(0);
    const order: string[] = [];
    const second = turnstile.enter(60_000).then((out) => {
      order.push('second');
      out?.();
    });
    const third = turnstile.enter(60_000).then(() => order.push('third'));
    leave?.();
    leave?.();
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
  });

  test('turns away who would wait too long', async () => {
    const turnstile = new Turnstile(1);
    const leave = await turnstile.enter(0);
    expect(await turnstile.enter(1)).toBeUndefined();
    leave?.();
    expect(await turnstile.enter(0)).toBeDefined();
  });
});
