import { array, defineConnector, id, object, ShapeError, text } from 'connector-kit';
import { manifest } from './manifest.js';
import { judge } from './refusals.js';

/** The scope of a token that each permission of the manifest comes with. */
const scopes = { 'account-read': 'read', 'people-erase': 'erase' } as const;

/** The vendor's words for how far an erasure is. */
const states = { queued: 'accepted', running: 'processing', done: 'completed', failed: 'failed' } as const;

/** As long as a real one. */
const exampleKey = '00000000-0000-4000-8000-000000000000';

/** What a host loads. */
export const connectorModule = defineConnector({
  manifest,
  judge,

  connect: ({ apiToken, baseUrl = 'https://api.my-connector.example' }) => ({
    base: baseUrl,
    headers: { Authorization: `Bearer ${apiToken}` },
  }),

  check: ({ ask }) =>
    ask({ path: ['account'], limit: 'api' }, ({ json }) => {
      const account = object(json(), 'the account');
      const has = array(account['scopes'], 'the list of scopes');
      const finding = (scope: string) => ({ found: has.includes(scope) ? 'granted' : 'denied' }) as const;
      return {
        findings: {
          'account-read': finding(scopes['account-read']),
          'people-erase': finding(scopes['people-erase']),
        },
        facts: { account: text(account['name'], 'the name of the account') },
      };
    }),

  deletion: {
    body: (subjects) => ({ key: exampleKey, people: subjects.map(({ identifiers }) => identifiers) }),

    submit({ key = '', subjects }, { ask }) {
      const people = subjects.map(({ identifiers }) => identifiers);
      return ask({ method: 'POST', path: ['erasures'], body: { key, people }, limit: 'api' }, ({ json }) => ({
        reference: id(object(json(), 'the answer')['id'], 'the id of the erasure'),
      }));
    },

    // The vendor keeps the key that an erasure came with, so the lost one is found by it. A lost call may still be under way: to say
    // "absent" at once is right because the vendor takes the same key for the same erasure. One that does not needs "not-yet" first.
    reconcile({ key = '' }, { ask }) {
      return ask({ path: ['erasures'], query: [['key', key]], limit: 'api' }, ({ json }) => {
        const [found] = array(object(json(), 'the answer')['erasures'], 'the list of erasures');
        if (found === undefined) return { found: 'absent' };
        return { found: 'accepted', reference: id(object(found, 'the erasure')['id'], 'the id of the erasure') };
      });
    },

    status(reference, { ask }) {
      return ask({ path: ['erasures', reference], limit: 'api' }, ({ json }) => {
        const vendorState = text(object(json(), 'the erasure')['state'], 'the state');
        if (!Object.hasOwn(states, vendorState)) throw new ShapeError('it names a state that is not known');
        const state = states[vendorState as keyof typeof states];
        const failed = { system: 'My Connector', reason: 'The vendor says that it failed.' };
        return { state, vendorState, destinations: [], exceptions: state === 'failed' ? [failed] : [] };
      });
    },
  },
});
