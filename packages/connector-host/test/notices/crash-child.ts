/** A process that tells people what waits, and stops dead at one place until it is killed. */
import { systemClock } from '../../src/clock.js';
import type { Engine } from '../../src/engine/engine.js';
import { openLog } from '../../src/log.js';
import { Notices } from '../../src/notices/notices.js';
import { type WebhookSender, webhookSender } from '../../src/notices/webhook.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { openDatabase } from '../../src/store/database.js';

const {
  CRASH_DATABASE: url = '',
  CRASH_DATA: dataDir = '',
  CRASH_HOOK: origin = '',
  CRASH_AT: place = '',
} = process.env;

async function stopAt(here: string): Promise<void> {
  if (here !== place) return;
  process.stdout.write(`at ${here}\n`);
  await new Promise(() => setInterval(() => undefined, 1_000));
}

const log = openLog({ level: 'fatal' });
const db = await openDatabase({ url, dataDir, log, poolSize: 3 });
const send = webhookSender({ allowed: [origin] });
const webhooks: WebhookSender = async (call) => {
  await stopAt('before the call');
  const failure = await send(call);
  await stopAt('after the answer');
  return failure;
};
const notices = new Notices({
  db,
  engine: { send: async () => undefined } as unknown as Engine,
  keyring: await Keyring.open(db, { dataDir }),
  clock: systemClock,
  log,
  webhooks,
  allowed: [origin],
  zone: 'UTC',
});
await notices.look();
process.stdout.write('done\n');
