import type { Subject } from 'connector-contract';
import { array, type Calls, type DeletionParts, inFlightMs, object, ShapeError, text } from 'connector-kit';
import { manifest } from './manifest.generated.js';

type Auth0 = Calls<typeof manifest>;

const LIMIT = 'management-api';

/** The ids of all users who have one of these addresses: a person may have one for each way to sign in. */
export async function usersOf(addresses: Iterable<string>, { ask }: Auth0): Promise<readonly string[]> {
  const users = new Set<string>();
  for (const address of addresses) {
    const query = [
      ['email', address],
      ['fields', 'user_id'],
      ['include_fields', 'true'],
    ] as const;
    const found = await ask({ path: ['users-by-email'], query, limit: LIMIT }, ({ json }) =>
      array(json(), 'the list of users').map((user) => text(object(user, 'a user')['user_id'], 'the id of a user')),
    );
    for (const user of found) users.add(user);
  }
  return [...users];
}

/** As given and in lower case: Auth0 compares letter by letter, and most of its connections keep addresses in lower case. */
function addressesOf(subjects: readonly Subject[]): ReadonlySet<string> {
  const given = subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
  return new Set(given.flatMap((value) => [value, value.toLowerCase()]));
}

/** Auth0 has no name for a deletion. The key of the operation is one that names nobody. */
const referenceOf = ({ key = '' }): string => `auth0-${key}`;

/** How a person is deleted: looked up by their addresses, then each user by its id. */
export const deletion: DeletionParts<typeof manifest> = {
  body: (subjects) => subjects,
  async submit(operation, vendor) {
    const { subjects } = operation;
    const users = await usersOf(addressesOf(subjects), vendor);
    for (const user of users) {
      await vendor.ask({ method: 'DELETE', path: ['users', user], limit: LIMIT }, ({ status }) => {
        if (status !== 204) throw new ShapeError('it is not the one to a deletion');
      });
    }
    const outcome = users.length > 0 ? ('erased' as const) : ('no-match' as const);
    return { reference: referenceOf(operation), result: subjects.map(({ id }) => ({ id, outcome })) };
  },
  async reconcile(operation, vendor, { attemptedAt }) {
    const askedAt = vendor.ctx.clock.now();
    const left = await usersOf(addressesOf(operation.subjects), vendor);
    // Nobody is left. Whether somebody was there before the answer was lost, nobody knows: so nothing is said of the person.
    if (left.length === 0) return { found: 'accepted', reference: referenceOf(operation) };
    const over = attemptedAt + inFlightMs(manifest);
    return askedAt < over ? { found: 'not-yet', retryAfterMs: over - askedAt } : { found: 'absent' };
  },
};
