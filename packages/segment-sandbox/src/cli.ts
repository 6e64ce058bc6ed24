#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError, readFlags } from './flags.js';
import { startSandbox } from './sandbox.js';

/** Runs the command: one line of JSON on standard output when it listens, until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const options = readFlags(process.argv.slice(2), version, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  const sandbox = await startSandbox(options);
  const { url, configApiUrl, region, tokens } = sandbox;
  process.stdout.write(
    `${JSON.stringify({ ready: true, url, configApiUrl, region, workspace: 'acme-demo', tokens })}\n`,
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sandbox.close());
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
    return;
  }
  process.stderr.write(`segment-sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
