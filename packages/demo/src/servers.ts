import { commandFile, type Line, type Server, type Servers } from './child.js';

/** The commands that the demo runs. */
export const hostCommand = commandFile('connector-host', 'connector-host');
const sandboxCommand = commandFile('segment-sandbox', 'segment-sandbox');

/** The demo's workspace in the sandbox, and a token of its owner: fixed values that open nothing but a sandbox. */
export const sandboxWorkspace = { name: 'Acme Demo', token: 'sandbox-public-owner-token' } as const;

/** How fast regulations age in the sandbox: the five days of a slow one take some ten seconds. */
const speed = 43_200;

/** How its regulations end, by order of creation: most finish, one with exceptions; a small one, left from a division, fails. */
const outcomes = ['1:failed-unsupported', '2:partial-success', '6:failed-supported', 'finished'];

/** The identifier in the example file that this sandbox refuses, so that a batch has to be divided around it. */
const refused = '^refused-by-segment$';

/** Starts the sandbox; what it knows is kept in the file. */
export function startSandbox(servers: Servers, port: number, state: string): Server {
  const args = ['--port', String(port), '--state', state, '--speed', String(speed), '--bad-id', refused];
  return servers.start(sandboxCommand, [...args, ...outcomes.flatMap((each) => ['--outcome', each])], process.env);
}

/**
 * Starts the host; `sandbox` is the origin connections may point to beside Segment's own.
 * @param heard is given every line of JSON that it prints.
 */
export function startHost(
  servers: Servers,
  options: {
    readonly port: number;
    readonly dataDir: string;
    readonly sandbox: string;
    readonly quick: boolean;
    readonly environment: NodeJS.ProcessEnv;
  },
  heard?: (line: Line) => void,
): Server {
  // A person reads along: what goes as it should is not worth a line.
  const level = options.environment['CONNECTOR_HOST_LOG_LEVEL'] ?? 'warn';
  const quick = options.quick ? ['--plan-window', '500', '--poll-interval', '1000'] : [];
  const args = [
    'serve',
    '--port',
    String(options.port),
    '--data-dir',
    options.dataDir,
    '--allow-endpoint',
    options.sandbox,
    '--log-level',
    level,
    ...quick,
  ];
  return servers.start(hostCommand, args, options.environment, heard);
}
