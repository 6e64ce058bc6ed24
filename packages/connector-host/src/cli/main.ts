#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { ExitCode } from './exit.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const consoleDir = fileURLToPath(new URL('../../console/dist', import.meta.url));

const program = new Command('connector-host')
  .description(
    'The reference privacy host: connects vendors, erases people there, and follows each deletion to its end.',
  )
  .version(version)
  .addHelpText(
    'after',
    '\nExit codes: 0 done · 1 unforeseen · 2 wrong input · 3 no host or no valid token · 4 refused by the host · 5 ran, but something ended in error',
  );

/**
 * Every command by its name, in the order of the help. Only the one that was given is read: to read them all takes longer than what most
 * of them do.
 */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.js')).serveCommand(consoleDir),
  worker: async () => (await import('./commands/serve.js')).workerCommand(),
  connectors: async () => (await import('./commands/connectors.js')).connectorsCommand(),
  connect: async () => (await import('./commands/connect.js')).connectCommand(),
  connections: async () => (await import('./commands/connections.js')).connectionsCommand(),
  change: async () => (await import('./commands/change.js')).changeCommand(),
  check: async () => (await import('./commands/check.js')).checkCommand(),
  submit: async () => (await import('./commands/submit.js')).submitCommand(),
  import: async () => (await import('./commands/import.js')).importCommand(),
  status: async () => (await import('./commands/status.js')).statusCommand(),
  retry: async () => (await import('./commands/act.js')).retryCommand(),
  cancel: async () => (await import('./commands/act.js')).cancelCommand(),
  allow: async () => (await import('./commands/act.js')).allowCommand(),
  extend: async () => (await import('./commands/act.js')).extendCommand(),
  answer: async () => (await import('./commands/act.js')).answerCommand(),
  files: async () => (await import('./commands/files.js')).filesCommand(),
  close: async () => (await import('./commands/act.js')).closeCommand(),
  correct: async () => (await import('./commands/act.js')).correctCommand(),
  settle: async () => (await import('./commands/act.js')).settleCommand(),
  detect: async () => (await import('./commands/detect.js')).detectCommand(),
  systems: async () => (await import('./commands/systems.js')).systemsCommand(),
  leftovers: async () => (await import('./commands/leftovers.js')).leftoversCommand(),
  work: async () => (await import('./commands/work.js')).workCommand(),
  receipt: async () => (await import('./commands/receipt.js')).receiptCommand(),
  notices: async () => (await import('./commands/notices.js')).noticesCommand(),
  tokens: async () => (await import('./commands/tokens.js')).tokensCommand(),
  keys: async () => (await import('./commands/keys.js')).keysCommand(),
  purge: async () => (await import('./commands/purge.js')).purgeCommand(),
  audit: async () => (await import('./commands/audit.js')).auditCommand(),
};

/** A command as it is typed. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const [given = ''] = process.argv.slice(2);
const chosen = Object.hasOwn(commands, given) ? commands[given] : undefined;
for (const read of chosen === undefined ? Object.values(commands) : [chosen]) program.addCommand(await read());

// Commander would end the process with code 1 for a wrong command line; here that is the code for wrong input.
for (const command of program.commands.flatMap((one) => [one, ...one.commands]).concat(program)) {
  command.exitOverride();
  command.showHelpAfterError(`What to do: see "${pathOf(command)} --help".`);
}

// Whoever read the output may have enough of it, as "head" has. What was begun comes to its end all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
}
