#!/usr/bin/env node
import { CONTRACT_VERSION } from '../version.js';
import { init } from './commands/init.js';
import { page } from './commands/page.js';
import { UsageError } from './usage-error.js';

const help = `Usage: connector-contract COMMAND

  init FOLDER      make a new connector that builds and keeps the contract
  check [FOLDER]   say whether a host would use a connector, and why not
  dev [FOLDER]     stub, host and console, going on with what is saved
  page MANIFEST    print the set-up page that a manifest makes

Each has --help. Exit codes: 0 done, 1 unforeseen, 2 wrong input.
  -V, --version   the version of the contract
  -h, --help      show this help`;

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  // What needs packages that not everybody has is loaded only here.
  check: async (args) => (await import('./commands/check.js')).check(args),
  dev: async (args) => (await import('./commands/dev.js')).dev(args),
  init,
  page,
};

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  if (['-h', '--help', 'help'].includes(name)) return console.log(help);
  if (['-V', '--version'].includes(name)) return console.log(CONTRACT_VERSION);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new UsageError(`${name === '' ? 'Name a command.' : `There is no command "${name}".`}\n\n${help}`);
  }
  await command(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const usage = error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
  console.error(`connector-contract: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = usage ? 2 : 1;
});
