import { Command, InvalidArgumentError } from 'commander';

/** What `npm start` takes after `--`. */
export interface Flags {
  readonly demo: boolean;
  readonly file?: string;
  readonly dataDir?: string;
  readonly port: number;
  readonly sandboxPort?: number;
}

/** Reads the command line; ends the process with a message where it is wrong. */
export function readFlags(args: readonly string[]): Flags {
  const command = new Command('npm start --')
    .description('Starts the host and, where no connection is configured, a local Segment to try it on.')
    .option(
      '--demo',
      'connect the demo workspace, erase the people of the example file, detect systems, and end',
      false,
    )
    .option('--file <file>', 'with --demo: the file of requests to import')
    .option('--data-dir <dir>', 'where the host keeps its data (default .connector-host; a fresh one with --demo)')
    .option('--port <port>', 'port of the host', port, 4600)
    .option(
      '--sandbox-port <port>',
      'port of the local Segment (default: as at the last start; 4700 at the first)',
      port,
    )
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nThe folder of the data also holds what the local Segment knows. Remove it to begin anew.\n\nWith SEGMENT_API_TOKEN and SEGMENT_WORKSPACE set, --demo speaks to the real Segment: it connects, imports the file named by --file\n(none is imported without it: erasing cannot be undone) and detects systems. SEGMENT_REGION may be us or eu.',
    );
  command.parse(args, { from: 'user' });
  return command.opts<Flags>();
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('Give a port from 1 to 65535.');
  return value;
}
