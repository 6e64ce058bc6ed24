import { sandboxWorkspace } from './servers.js';

/** Where the demo connects to. The token itself is only ever passed on by the name of an environment variable. */
export interface SegmentAccount {
  readonly real: boolean;
  /** `--set` values of `connector-host connect`. */
  readonly fields: readonly string[];
  /** Variables to add to the environment of the commands. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The variable in which `connector-host connect` finds the token. */
export const tokenVariable = 'SEGMENT_API_TOKEN';

/**
 * The real Segment where the environment names a token, otherwise the sandbox.
 * @throws Error where a token is given without the workspace it belongs to.
 */
export function accountFrom(environment: NodeJS.ProcessEnv, sandboxUrl: string): SegmentAccount {
  if (!environment[tokenVariable]) {
    const fields = [`workspaceName=${sandboxWorkspace.name}`, `baseUrl=${sandboxUrl}`];
    return { real: false, fields, environment: { [tokenVariable]: sandboxWorkspace.token } };
  }
  const workspace = environment['SEGMENT_WORKSPACE'];
  if (!workspace)
    throw new Error('SEGMENT_API_TOKEN is set, but SEGMENT_WORKSPACE is not: set it to the name of the workspace.');
  const region = environment['SEGMENT_REGION'];
  return {
    real: true,
    fields: [`workspaceName=${workspace}`, ...(region ? [`region=${region}`] : [])],
    environment: {},
  };
}
