import { describe, expect, test } from '@jest/globals';
import { connectionHosts, parseManifest, regionOf } from '../../src/manifest/index.js';
import { inOrder, sampleField, sampleManifest } from './sample.js';

const manifest = sampleManifest(
  inOrder([
    sampleField('string', { key: 'server', required: true, format: 'uri' }),
    sampleField('string', { key: 'files', format: 'uri' }),
  ]),
);
manifest.network = { allowedHosts: ['api.acme.example'], fromFields: ['server', 'files'] };

describe('the hosts of a vendor with one for each customer', () => {
  const one = structuredClone(manifest);
  one.network = {
    allowedHosts: ['api.acme.example'],
    fromFields: [{ field: 'server', hosts: ['*.auth0.example', '*.eu.auth0.example'] }],
  };

  test('the manifest is in order', () => {
    expect(parseManifest(one)).toMatchObject({ ok: true });
  });

  test.each(['north.auth0.example', 'north.eu.auth0.example', 'eu.auth0.example'])('are %s', (host) => {
    expect(connectionHosts(one, { server: `https://${host.toUpperCase()}/path` })).toEqual(['api.acme.example', host]);
  });

  test.each([
    'https://evil.example',
    'https://auth0.example',
    'https://a.b.auth0.example',
    'https://a.north.eu.auth0.example',
    'https://x.auth0.example.evil.example',
    'https://x.auth0.example:8443',
    'https://xauth0.example',
    'https://.auth0.example',
    'https://*.auth0.example',
    'https://evil.example#.auth0.example',
    'https://evil.example\\@x.auth0.example',
    'https://x.auth0.example@evil.example',
    'http://x.auth0.example',
  ])('never come from %s', (server) => {
    expect(connectionHosts(one, { server })).toEqual(['api.acme.example']);
  });

  test('may have a port, and stand there without a star', () => {
    const other = structuredClone(one);
    other.network.allowedHosts = [];
    other.network.fromFields = [{ field: 'server', hosts: ['*.acme.example:8443', 'acme.example'] }];
    const hostsOf = (server: string): readonly string[] => connectionHosts(other, { server });
    expect(hostsOf('https://north.acme.example:8443')).toEqual(['north.acme.example:8443']);
    expect(hostsOf('https://acme.example')).toEqual(['acme.example']);
    expect(hostsOf('https://north.acme.example')).toEqual([]);
  });
});

describe('the hosts of a connection whose region is chosen', () => {
  const chosen = sampleManifest(inOrder([sampleField('choice', { key: 'place', required: true, default: 'one' })]));
  const region = (id: string, ...hosts: string[]) => ({
    id,
    label: id,
    help: 'There.',
    baseUrls: Object.fromEntries(hosts.map((host) => [host.slice(0, 3), `https://${host}/v1`])),
  });
  chosen.contract.features = ['chosen-region'];
  chosen.regionField = 'place';
  chosen.regions = [
    region('one', 'api.one.example', 'ids.acme.example'),
    region('two', 'api.two.example', 'ids.acme.example'),
  ];
  chosen.network = {
    allowedHosts: ['api.one.example', 'api.two.example', 'ids.acme.example', 'help.acme.example'],
  };

  test('the manifest is in order', () => {
    expect(parseManifest(chosen)).toMatchObject({ ok: true });
  });

  test.each(['one', 'two'])('are those of its region %s, those of all, and those that are of none', (place) => {
    expect(connectionHosts(chosen, { place })).toEqual([
      `api.${place}.example`,
      'ids.acme.example',
      'help.acme.example',
    ]);
    expect(regionOf(chosen, { place })?.id).toBe(place);
  });

  test('are those of no region where none is chosen', () => {
    expect(connectionHosts(chosen, { place: 'three' })).toEqual(['help.acme.example']);
    expect(regionOf(chosen, { place: 'three' })).toBeUndefined();
  });

  test('are those of the usual region where nothing is said', () => {
    expect(regionOf(chosen, {})?.id).toBe('one');
  });

  test('are all that are allowed where no field is named', () => {
    const { regionField: _, ...free } = chosen;
    expect(connectionHosts(free, { place: 'one' })).toEqual(chosen.network.allowedHosts);
    expect(regionOf(free, { place: 'one' })).toBeUndefined();
  });
});

describe('the hosts of a connection', () => {
  test('the manifest is in order', () => {
    expect(parseManifest(manifest)).toMatchObject({ ok: true });
  });

  test('are those of the manifest and of the addresses that were entered, each once', () => {
    expect(
      connectionHosts(manifest, { server: 'https://DSR.Customer.example/v2', files: 'https://files.example:8443/' }),
    ).toEqual(['api.acme.example', 'dsr.customer.example', 'files.example:8443']);
    expect(connectionHosts(manifest, { server: 'https://api.acme.example:443/x' })).toEqual(['api.acme.example']);
  });

  test('are the manifest alone where it names no field', () => {
    const { fromFields: _, ...network } = manifest.network;
    expect(connectionHosts({ ...manifest, network }, { server: 'https://dsr.customer.example' })).toEqual([
      'api.acme.example',
    ]);
  });

  test.each([
    'http://dsr.customer.example',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'https://app.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://localhost./',
    'https://customer.example./',
    'https://me:pw@dsr.customer.example/',
    'ftp://dsr.customer.example/',
    'no address',
    '',
  ])('never come from %s', (server) => {
    expect(connectionHosts(manifest, { server })).toEqual(['api.acme.example']);
  });

  test('never come from anything but a text', () => {
    expect(connectionHosts(manifest, { server: true, files: 5 })).toEqual(['api.acme.example']);
  });
});
