import { startSandbox } from 'segment-sandbox';
import { isConfigCall, type Verdict } from './assumptions/assumption.js';
import { CONFIG_ASSUMPTIONS } from './assumptions/config-api.js';
import { PUBLIC_ASSUMPTIONS } from './assumptions/public-api.js';
import { PUBLIC_REGULATION_ASSUMPTIONS } from './assumptions/public-regulations.js';
import { compare, type Difference } from './compare.js';
import { type Exchange, routeOf } from './exchange.js';
import { type Account, runPlugin, type Step, type SyntheticUser } from './plugin-run.js';
import { startRecorder, type Upstream } from './recorder.js';
import { type TranscriptEntry, transcriptOf } from './transcript.js';
import { learn } from './vocabulary.js';

/** What a try-out found: fit to be shown to anybody. */
export interface Findings {
  readonly steps: readonly Step[];
  readonly verdicts: readonly { readonly id: string; readonly says: string; readonly verdict: Verdict }[];
  readonly differences: readonly Difference[];
  readonly transcript: readonly TranscriptEntry[];
}

/** What is tried. */
export interface TryOut {
  readonly account: Account;
  readonly upstream: Upstream;
  /** Milliseconds before each request, so that a workspace's limits are left to those who work with it. */
  readonly paceMs: number;
  /** Erased where it is there; otherwise nothing is changed. */
  readonly user?: SyntheticUser;
}

/** Every assumption that a try-out judges. */
export const ASSUMPTIONS = [...PUBLIC_ASSUMPTIONS, ...PUBLIC_REGULATION_ASSUMPTIONS, ...CONFIG_ASSUMPTIONS];

/** Lets the plugin make its calls to Segment, and to a sandbox of this moment for comparison, and judges what came back. */
export async function tryOut({ account, upstream, paceMs, user }: TryOut): Promise<Findings> {
  const real = await recorded(account, upstream, paceMs, user);
  const config = real.exchanges.some((exchange) => isConfigCall(exchange) && exchange.status === 200);
  // A workspace that is entered by its slug is asked for by it; by another name it is looked for.
  const bySlug = !real.exchanges.some((exchange) => routeOf(exchange) === 'GET /v1beta/workspaces');
  const [twin, other] = await Promise.all([inSandbox(config, bySlug, user), inSandbox(!config, bySlug, user)]);
  return {
    steps: real.steps,
    verdicts: ASSUMPTIONS.map(({ id, says, judge }) => ({ id, says, verdict: judge(real.exchanges) })),
    differences: compare(real.exchanges, twin),
    transcript: transcriptOf(real.exchanges, learn([...twin, ...other])),
  };
}

/** What the plugin's calls are answered in a sandbox, in either generation of the API. */
async function inSandbox(
  config: boolean,
  bySlug: boolean,
  user: SyntheticUser | undefined,
): Promise<readonly Exchange[]> {
  const sandbox = await startSandbox({ rateLimit: 'off' });
  try {
    const { configAdmin, publicOwner } = sandbox.tokens;
    const account = { apiToken: config ? configAdmin : publicOwner, workspaceName: bySlug ? 'acme-demo' : 'Acme Demo' };
    const upstream = { publicApi: sandbox.url, configApi: sandbox.configApiUrl };
    return (await recorded(account, upstream, 0, user)).exchanges;
  } finally {
    await sandbox.close();
  }
}

async function recorded(account: Account, upstream: Upstream, paceMs: number, user: SyntheticUser | undefined) {
  const recorder = await startRecorder(upstream);
  try {
    const steps = await runPlugin(account, recorder.url, paceMs, user);
    return { steps, exchanges: [...recorder.exchanges] };
  } finally {
    await recorder.close();
  }
}
