import { describe, expect, test } from '@jest/globals';
import type { ConnectorManifest, RateLimit } from 'connector-contract';
import { nock } from '../../../test/nock.js';
import { baseUrlOf, faultMaker, VendorClient } from '../src/index.js';
import { NOW, origin, recordedContext, useLoopback } from './harness.js';
import { manifest } from './manifest.js';

useLoopback();

const epoch = { remaining: 'x-left', reset: 'x-reset', resetIs: 'epoch-seconds' } as const;
const [api] = manifest.limits.rate as [RateLimit];

/** What the host is told of an answer with these headers. */
async function told(
  headers: Readonly<Record<string, string>>,
  { rates = [{ ...api, byHeader: epoch }], status = 200 }: { rates?: readonly RateLimit[]; status?: number } = {},
): Promise<readonly (readonly [limit: string, requests: number, aheadMs: number])[]> {
  nock(origin).get('/people').reply(status, {}, headers);
  const own: ConnectorManifest = { ...manifest, limits: { ...manifest.limits, rate: [...rates] } };
  const heard: (readonly [string, number, number])[] = [];
  const ctx = {
    ...recordedContext().ctx,
    left: (limit: string, requests: number, resetsAt: number) => void heard.push([limit, requests, resetsAt - NOW]),
  };
  const vendor = { manifest: () => own, name: 'Acme', fault: faultMaker(() => own, {}) };
  const client = new VendorClient(ctx, { base: origin, headers: {} }, vendor);
  await client.ask({ path: ['people'], limit: 'api' }, () => undefined).catch(() => undefined);
  return heard;
}

const inSeconds = (seconds: number): string => String(NOW / 1000 + seconds);

describe('what an answer says is left', () => {
  test('is handed on, whatever the answer is', async () => {
    const headers = { 'x-left': '7', 'x-reset': inSeconds(20) };
    expect(await told(headers)).toEqual([['api', 7, 20_000]]);
    expect(await told(headers, { status: 429 })).toEqual([['api', 7, 20_000]]);
  });

  test("counts from the vendor's own clock where that says what time it is", async () => {
    const date = new Date(NOW + 300_000).toUTCString();
    expect(await told({ date, 'x-left': '7', 'x-reset': inSeconds(320) })).toEqual([['api', 7, 20_000]]);
  });

  test('may be told in seconds from now', async () => {
    const rates = [{ ...api, byHeader: { ...epoch, resetIs: 'seconds' } as const }];
    expect(await told({ 'x-left': '0', 'x-reset': '20' }, { rates })).toEqual([['api', 0, 20_000]]);
  });

  test('is handed on for the rate that a call counts within as well', async () => {
    const account = { ...api, id: 'account', byHeader: { ...epoch, remaining: 'x-account-left' } };
    const rates = [{ ...api, byHeader: epoch, within: 'account' }, account];
    expect(await told({ 'x-left': '7', 'x-account-left': '9', 'x-reset': inSeconds(20) }, { rates })).toEqual([
      ['api', 7, 20_000],
      ['account', 9, 20_000],
    ]);
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['only one is there', { 'x-left': '7' }],
    ['the other one is there', { 'x-reset': '1' }],
    ['it is no number', { 'x-left': 'many', 'x-reset': inSeconds(20) }],
    ['it is a fraction', { 'x-left': '1.5', 'x-reset': inSeconds(20) }],
    ['it is too long', { 'x-left': '1'.repeat(20), 'x-reset': inSeconds(20) }],
    ['the reset is a date', { 'x-left': '7', 'x-reset': new Date(NOW).toUTCString() }],
  ])('is passed over where %s', async (_, headers) => {
    expect(await told(headers)).toEqual([]);
  });

  test('is not looked for where the manifest does not say where', async () => {
    expect(await told({ 'x-left': '7', 'x-reset': inSeconds(20) }, { rates: [api] })).toEqual([]);
  });
});

describe('the base URL of a region', () => {
  const regions = ['eu', 'us'].map((id) => ({
    id,
    label: id,
    help: 'There.',
    baseUrls: { api: `https://${id}.acme.example` },
  }));
  const choices = regions.map(({ id, label, help }) => ({ value: id, label, help }));
  const place = {
    kind: 'choice' as const,
    key: 'place',
    label: 'Place',
    help: 'Where.',
    group: 'g',
    order: 9,
    choices,
  };
  const fields = [...manifest.config.fields, { ...place, required: true }];
  const regional = { ...manifest, regionField: 'place', regions, config: { ...manifest.config, fields } };

  test.each(['eu', 'us'])('is that of %s, which the field picks', (id) => {
    expect(baseUrlOf(regional, { place: id } as never, 'api')).toBe(`https://${id}.acme.example`);
  });

  test('is a fault of the configuration where none is picked', () => {
    const fault = expect.objectContaining({ code: 'CONFIG_INVALID', field: 'place' });
    expect(() => baseUrlOf(regional, {} as never, 'api')).toThrow(fault);
  });
});
