import type { FastifyInstance } from 'fastify';
import { present } from '../../clock.js';
import { HostProblem } from '../../problem.js';
import type { PurgeWish } from '../../retention/retention.js';
import { parseMasterKey } from '../../sealing/master-key.js';
import { SealingError } from '../../sealing/sealing-error.js';
import { appendEvents } from '../../timeline.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { list, object, oneOf, text, time, whole } from '../schemas/json-schema.js';

const tags = ['upkeep'];

/** Keys that can be replaced. */
const replaceable = ['master', 'data', 'people', 'receipts'] as const;

const days = (description: string) => ({ type: 'integer', minimum: 0, maximum: 36_500, description }) as const;

/** What keeps a host trustworthy over the years: purging what is kept no longer, replacing keys. */
export function upkeepRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { retention, keyring, signingKeys, connections, peopleKey } = parts;
  app.post<{ Body: PurgeWish | null }>(
    '/api/v1/purge',
    {
      config: { access: 'data:purge' },
      schema: {
        tags,
        summary: 'Purge the identifiers of people whose requests are settled for long enough',
        description:
          'A request that is in error, or of which something is left over, is not settled: its identifiers are kept for the longest time.',
        body: {
          ...object(
            {
              dryRun: { type: 'boolean', description: 'Only count.' },
              retentionDays: days('Keep them for so many days, instead of what the host was started with.'),
              longestRetentionDays: days('The same, for requests that are concluded and not settled.'),
            },
            'dryRun',
            'retentionDays',
            'longestRetentionDays',
          ),
          type: ['object', 'null'],
        },
        response: answers(
          {
            200: object({
              dryRun: { type: 'boolean' },
              purged: whole('People whose identifiers were, or would be, purged.'),
              settledBefore: time('Of requests settled before then.'),
              concludedBefore: time('And of those concluded before then that nobody settled.'),
            }),
          },
          [413, 415],
        ),
      },
    },
    async (request) => retention.purge(request.body ?? {}, actorOf(request)),
  );

  app.post<{ Body: { key: (typeof replaceable)[number]; masterKey?: string } }>(
    '/api/v1/keys/rotate',
    {
      config: { access: 'keys:rotate' },
      schema: {
        tags,
        summary: 'Replace the master key, the data keys of connections or of people, or the key that signs receipts',
        description:
          "A new master key wraps all data keys anew; what they sealed stays. Where the environment or a command holds the master key, `masterKey` gives the new one. With `data`, each connection gets a new data key: its credentials are sealed anew and the old key is destroyed; `failed` names those whose credentials do not open. With `people`, a new key seals people's identifiers from now on; a job seals those anew that are there and then destroys the old key, which the audit log tells. Old receipts stay valid: their public keys stay published.",
        body: object(
          {
            key: oneOf(replaceable),
            masterKey: {
              type: 'string',
              minLength: 1,
              maxLength: 200,
              description: '32 bytes as base64 or hexadecimal.',
            },
          },
          'masterKey',
        ),
        response: answers(
          {
            200: object(
              {
                key: oneOf(replaceable),
                id: text('Of the new key; shows nothing of it. Not for `data`.'),
                dataKeys: whole('Data keys that were wrapped anew; for `data`, that were replaced.'),
                source: oneOf(
                  ['file', 'environment', 'command'],
                  'For `master`: where processes of the host find it. But for the file, each of them has to be given the new one.',
                ),
                people: whole('For `people`: whose identifiers are now being sealed anew.'),
                failed: list(object({ connection: text(), name: text(), message: text() })),
              },
              'id',
              'dataKeys',
              'source',
              'people',
              'failed',
            ),
          },
          [409, 413, 415],
        ),
      },
    },
    async (request) => {
      const { key, masterKey } = request.body;
      const [at, actor] = [present(parts.clock), actorOf(request).id];
      if (key === 'receipts') {
        const id = await signingKeys.rotate((tx, made) =>
          appendEvents(tx, [{ at, kind: 'keys.receipts_rotated', actor, data: { key: made } }]),
        );
        return { key, id };
      }
      if (key === 'people') return { key, ...(await peopleKey.replace(actorOf(request))) };
      if (key === 'data') return { key, ...(await connections.replaceKeys(actorOf(request))) };
      if (masterKey !== undefined) demandKey(masterKey);
      const { masterKeyId: id, dataKeys } = await rotated(() =>
        keyring.rotate(masterKey, (tx, { masterKeyId, dataKeys }) =>
          appendEvents(tx, [{ at, kind: 'keys.rotated', actor, data: { key: masterKeyId, dataKeys } }]),
        ),
      );
      return { key, id, dataKeys, source: keyring.masterKey.source };
    },
  );
}

function demandKey(text: string): void {
  try {
    parseMasterKey(text, 'environment');
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    const { remedy } = error;
    const message = 'masterKey is not a key of 32 bytes.';
    const errors = [{ field: 'masterKey', code: 'INVALID', message, remedy }];
    throw new HostProblem('INPUT_INVALID', message, { remedy, errors });
  }
}

async function rotated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    throw new HostProblem('STATE_FORBIDS', error.message, {
      remedy:
        'Give the new key as 32 bytes in base64 or hexadecimal, where the host does not keep the key in its own file.',
    });
  }
}
