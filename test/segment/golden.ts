import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { nock } from '../nock.js';
import { configOrigin, euOrigin, publicOrigin, TOKEN } from './harness.js';

/** A request as it went over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Answers every request to Segment's three hosts with the next of `answers` (JSON) and records it, without the token. */
export function recordWire(answers: readonly (readonly [status: number, body: unknown])[]): WireRequest[] {
  const wire: WireRequest[] = [];
  for (const origin of [publicOrigin, euOrigin, configOrigin]) {
    const scope = nock(origin).persist();
    for (const method of ['GET', 'POST']) {
      scope
        .intercept(() => true, method)
        .reply(function (uri, body) {
          const given = Object.entries(this.req.headers as Record<string, string | string[]>);
          const headers = Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]).sort());
          expect(headers['authorization']).toBe(`Bearer ${TOKEN}`);
          // How the connection is kept is nock's doing here; the kit's tests look at it on real sockets.
          const { authorization: _token, connection: _kept, ...shown } = headers;
          wire.push({ method, url: `${origin}${uri}`, headers: shown, ...(body === '' ? {} : { body }) });
          const [status, answer] = answers[wire.length - 1] ?? [500, ''];
          return [status, JSON.stringify(answer)];
        });
    }
  }
  return wire;
}

/**
 * Compares with `test/goldens/{name}.json`. `UPDATE_GOLDENS=1` writes it instead, for a change that is meant; without that a golden
 * that is missing or differs fails.
 */
export function expectGolden(name: string, actual: unknown): void {
  const file = new URL(`../goldens/${name}.json`, import.meta.url);
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  if (!existsSync(file))
    throw new Error(`test/goldens/${name}.json is missing: run with UPDATE_GOLDENS=1 and look at it.`);
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain(TOKEN);
  expect(JSON.parse(JSON.stringify(actual))).toEqual(JSON.parse(text));
}
