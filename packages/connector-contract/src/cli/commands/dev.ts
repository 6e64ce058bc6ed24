import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Development } from '../../dev/develop.js';
import { readProject } from '../../dev/project.js';
import { UsageError } from '../usage-error.js';

const STUB = 'dist/test/start-stub.js';
const DEBUGGER_PORT = '9229';

/** Help for the command. */
export const devHelp = `Usage: connector-contract dev [--port PORT] [--inspect[=PORT]] [FOLDER]

Starts the vendor's stub, a host and its console, connects the connector to the stub, and goes on with what is saved: the connector is
built and replaced while the host runs, and where its package has a script "manifest", that is run whenever a manifest is saved. What the
connector prints and throws is shown here, with the lines of its sources. Needs connector-host beside the connector. Data lasts as long as
this runs. Ctrl+C ends.

  --port PORT        port of host and console (default 4650)
  --stub FILE        program that plays the vendor, built (default ${STUB}); it takes its port, and prints
                     {"ready": true, "config": {...}} with the configuration that it accepts
  --stub-port PORT   port of the stub (default 4710)
  --inspect PORT     lets a debugger into the connector's process (usually ${DEBUGGER_PORT}); it then runs without the wall
  -h, --help         show this help`;

/** `connector-contract dev`: stub, host and console, going on with what is saved. */
export async function dev(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: args.map((one) => (one === '--inspect' ? `--inspect=${DEBUGGER_PORT}` : one)),
    options: {
      port: { type: 'string', default: '4650' },
      stub: { type: 'string', default: STUB },
      'stub-port': { type: 'string', default: '4710' },
      inspect: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help === true) return console.log(devHelp);
  const terms = {
    port: portOf('--port', values.port),
    stubPort: portOf('--stub-port', values['stub-port']),
    inspect: values.inspect === undefined ? undefined : portOf('--inspect', values.inspect),
  };
  const folder = resolve(positionals[0] ?? '.');
  const project = readProject(folder, values.stub);
  const { host } = project;
  if (host === undefined) {
    throw new UsageError(
      `connector-host is not installed beside the connector in ${folder}.\nWhat to do: npm install --save-dev connector-host`,
    );
  }
  const tell = (text: string): void => console.log(`${new Date().toTimeString().slice(0, 8)} ${text}`);
  const development = new Development({ project: { ...project, host }, tell, ...terms });
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  try {
    await Promise.race([stopped, development.start()]).catch((error: unknown) => {
      if (!existsSync(project.stub))
        throw new UsageError(`There is no stub ${project.stub}: build it, or name it with --stub.`);
      throw error;
    });
    const given = process.env['CONNECTOR_HOST_TOKEN'] !== undefined;
    for (const [name, value] of given ? [] : Object.entries(development.environment).slice(0, 2))
      console.log(`  export ${name}=${value}`);
    await stopped;
  } finally {
    await development.stop();
  }
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`${option}: "${text}" is not a port.`);
}
