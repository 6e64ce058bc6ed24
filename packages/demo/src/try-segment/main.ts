import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readTryFlags } from './flags.js';
import type { SyntheticUser } from './plugin-run.js';
import type { Upstream } from './recorder.js';
import { reportOf } from './report.js';
import { tryOut } from './try-out.js';

/** Half a second between requests is well below every published limit. */
const PACE_MS = 500;

/** Exit codes: nothing was refuted; the try-out failed; wrong use, or not confirmed; something was refuted. */
const EXIT = { fine: 0, failed: 1, usage: 2, refuted: 3 } as const;

const HOSTS: Readonly<Record<string, string>> = {
  us: 'https://api.segmentapis.com',
  eu: 'https://eu1.api.segmentapis.com',
};

async function main(): Promise<number> {
  const flags = readTryFlags(process.argv.slice(2));
  const apiToken = process.env['SEGMENT_API_TOKEN'];
  const workspaceName = process.env['SEGMENT_WORKSPACE'];
  if (!apiToken || !workspaceName) {
    console.error(
      'Set SEGMENT_API_TOKEN to a token of the workspace, and SEGMENT_WORKSPACE to the name of the workspace.',
    );
    return EXIT.usage;
  }
  const upstream = upstreamOf(flags.at, process.env['SEGMENT_REGION'] || 'us');
  if (upstream === undefined) {
    console.error('SEGMENT_REGION must be us or eu.');
    return EXIT.usage;
  }
  const user = flags.withOneSyntheticUser ? await confirmed() : undefined;
  if (flags.withOneSyntheticUser && user === undefined) {
    console.error('Not confirmed: nothing was sent.');
    return EXIT.usage;
  }
  const paceMs = flags.at === undefined ? PACE_MS : 0;
  const findings = await tryOut({ account: { apiToken, workspaceName }, upstream, paceMs, ...(user && { user }) });
  await writeFile(flags.transcript, `${JSON.stringify(findings.transcript, null, 1)}\n`, { mode: 0o600 });
  console.log(reportOf(findings));
  console.log(`The transcript is in ${flags.transcript}.`);
  return findings.verdicts.some(({ verdict }) => verdict === 'refuted') ? EXIT.refuted : EXIT.fine;
}

function upstreamOf(at: string | undefined, region: string): Upstream | undefined {
  if (at !== undefined) return { publicApi: at, configApi: `${at}/v1beta` };
  const publicApi = HOSTS[region];
  return publicApi === undefined ? undefined : { publicApi, configApi: 'https://platform.segmentapis.com/v1beta' };
}

/** Asks a person to type the made-up user whom Segment will be told to erase. */
async function confirmed(): Promise<SyntheticUser | undefined> {
  const userId = `segment-config-try-${randomBytes(6).toString('hex')}`;
  console.log(
    'This sends one regulation to the workspace: Segment suppresses and erases a user who does not exist, and the',
  );
  console.log('monthly quota goes down by one. It cannot be taken back. To confirm, type the made-up user ID:');
  console.log(`  ${userId}`);
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line.trim() === userId ? { userId } : undefined;
  }
  return undefined;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // What went wrong may quote what was sent: the name of the error says enough.
    console.error(`The try-out failed (${error instanceof Error ? error.name : 'unknown'}).`);
    process.exitCode = EXIT.failed;
  },
);
