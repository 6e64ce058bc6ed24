import { Command, InvalidArgumentError } from 'commander';

/** What `npm run try:segment --` takes. */
export interface TryFlags {
  readonly readOnly: boolean;
  readonly withOneSyntheticUser: boolean;
  readonly transcript: string;
  readonly at?: string;
}

/** Reads the command line; ends the process with code 2 and a message where it is wrong. */
export function readTryFlags(args: readonly string[]): TryFlags {
  const command = new Command('npm run try:segment --')
    .description(
      'Makes every call of the plugin to a real workspace and says which of the things taken for granted are so.',
    )
    .option('--read-only', 'change nothing: check, detection, and looking for regulations that are not there', false)
    .option('--with-one-synthetic-user', 'erase one person who does not exist as well; asks you to type who', false)
    .option(
      '--transcript <file>',
      'where the transcript goes; holds no id, name, token or key',
      'segment-transcript.json',
    )
    .option('--at <origin>', 'an origin of this machine to try in place of Segment, such as a sandbox', local)
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      '\nThe account comes from SEGMENT_API_TOKEN, SEGMENT_WORKSPACE and SEGMENT_REGION (us or eu).\nSee docs/trying-segment.md for what is asked and what is kept.',
    );
  command.parse(args, { from: 'user' });
  const flags = command.opts<TryFlags>();
  if (flags.readOnly === flags.withOneSyntheticUser)
    command.error('error: give either --read-only or --with-one-synthetic-user', { exitCode: 2 });
  return flags;
}

function local(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) || url.protocol !== 'http:')
    throw new InvalidArgumentError('Give an http origin of this machine, such as http://127.0.0.1:4700.');
  return url.origin;
}
