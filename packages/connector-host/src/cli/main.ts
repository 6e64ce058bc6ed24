#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import {
  allowCommand,
  answerCommand,
  cancelCommand,
  closeCommand,
  correctCommand,
  extendCommand,
  retryCommand,
  settleCommand,
} from './commands/act.js';
import { auditCommand } from './commands/audit.js';
import { changeCommand } from './commands/change.js';
import { checkCommand } from './commands/check.js';
import { connectCommand } from './commands/connect.js';
import { connectionsCommand } from './commands/connections.js';
import { connectorsCommand } from './commands/connectors.js';
import { detectCommand } from './commands/detect.js';
import { filesCommand } from './commands/files.js';
import { importCommand } from './commands/import.js';
import { keysCommand } from './commands/keys.js';
import { leftoversCommand } from './commands/leftovers.js';
import { noticesCommand } from './commands/notices.js';
import { purgeCommand } from './commands/purge.js';
import { receiptCommand } from './commands/receipt.js';
import { serveCommand, workerCommand } from './commands/serve.js';
import { statusCommand } from './commands/status.js';
import { submitCommand } from './commands/submit.js';
import { systemsCommand } from './commands/systems.js';
import { tokensCommand } from './commands/tokens.js';
import { workCommand } from './commands/work.js';
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
for (const command of [
  serveCommand(consoleDir),
  workerCommand(),
  connectorsCommand(),
  connectCommand(),
  connectionsCommand(),
  changeCommand(),
  checkCommand(),
  submitCommand(),
  importCommand(),
  statusCommand(),
  retryCommand(),
  cancelCommand(),
  allowCommand(),
  extendCommand(),
  answerCommand(),
  filesCommand(),
  closeCommand(),
  correctCommand(),
  settleCommand(),
  detectCommand(),
  systemsCommand(),
  leftoversCommand(),
  workCommand(),
  receiptCommand(),
  noticesCommand(),
  tokensCommand(),
  keysCommand(),
  purgeCommand(),
  auditCommand(),
]) {
  program.addCommand(command);
}
// Commander would end the process with code 1 for a wrong command line; here that is the code for wrong input.
for (const command of program.commands.flatMap((one) => [one, ...one.commands]).concat(program)) command.exitOverride();

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
