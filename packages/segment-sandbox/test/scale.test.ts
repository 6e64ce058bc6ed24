import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ask, closeAfterEach, deletion, sandboxFor } from './run.js';

closeAfterEach();

describe('the tally of identifiers', () => {
  test('agrees with counting by hand, for any regulations', async () => {
    const sandbox = await sandboxFor({ rateLimit: 'off', quota: 'off' });
    const token = sandbox.tokens.publicOwner;
    const counts = new Map<string, number>();
    const person = fc.oneof(
      fc.constantFrom('a', 'b', 'c', 'aa', 'ab', 'Ä', '😀'),
      fc.string({ minLength: 1, unit: 'grapheme' }),
    );
    const regulation = fc.array(person, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(regulation, async (subjectIds) => {
        if (subjectIds.some((id) => id.includes('\u0000'))) return;
        await ask(`${sandbox.url}/regulations`, { token, body: deletion(...subjectIds) });
        for (const id of new Set(subjectIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
        const { identifiers, doubled, most } = sandbox.subjectTally();
        const times = [...counts.values()];
        expect({ identifiers, doubled, most }).toEqual({
          identifiers: times.length,
          doubled: times.filter((count) => count > 1).length,
          most: Math.max(...times),
        });
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  test('the same value as user id and as object id are two identifiers', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    for (const subjectType of ['USER_ID', 'OBJECT_ID'])
      await ask(`${sandbox.url}/regulations`, { token, body: { ...deletion('7'), subjectType } });
    expect(sandbox.subjectTally()).toMatchObject({ identifiers: 2, doubled: 0 });
  });
});

describe('at scale', () => {
  test('200,000 identifiers in 40 regulations, sent four at a time, are all there once', async () => {
    const sandbox = await sandboxFor({ rateLimit: 'off', quota: 'off', speed: Number.POSITIVE_INFINITY });
    const token = sandbox.tokens.publicOwner;
    const bodies = Array.from({ length: 40 }, (_, batch) =>
      deletion(...Array.from({ length: 5_000 }, (_unused, number) => `person-${batch * 5_000 + number}@mail.example`)),
    );
    const sender = async (): Promise<void> => {
      for (let body = bodies.pop(); body; body = bodies.pop()) {
        const { status } = await ask(`${sandbox.url}/regulations`, { token, body });
        expect(status).toBe(200);
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);
    expect(sandbox.subjectTally()).toEqual({ regulations: 40, identifiers: 200_000, doubled: 0, most: 1 });
    const { json } = await ask(`${sandbox.url}/regulations?pagination.count=200`, { token });
    const listed = new Set(json.data.regulations.flatMap(({ subjects }: { subjects: string[] }) => subjects));
    expect(listed.size).toBe(200_000);
  });

  test('a workspace of 1,000 sources and 5,000 destinations answers lists and regulations', async () => {
    const generate = { sources: 1_000, destinations: 5_000, warehouses: 20 };
    const sandbox = await sandboxFor({ generate, speed: Number.POSITIVE_INFINITY });
    const token = sandbox.tokens.publicOwner;
    const { json } = await ask(`${sandbox.url}/destinations?pagination.count=1000`, { token });
    expect(json.data.pagination.totalEntries).toBe(5_000);
    const made = await ask(`${sandbox.url}/regulations`, { token, body: deletion('u1') });
    const { json: read } = await ask(`${sandbox.url}/regulations/${made.json.data.regulateId}`, { token });
    expect(read.data.regulation.streamStatus.length).toBeGreaterThan(900);
  });
});
