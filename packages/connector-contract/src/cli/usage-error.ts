/** The command line, or something it names, is not right: told to the person without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
