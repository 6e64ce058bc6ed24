/** What can go wrong with keys and sealed data, by code, each with what a person can do about it. */
export const sealingErrorCodes = {
  MASTER_KEY_UNREADABLE:
    'Give 32 bytes as base64 or as 64 hexadecimal digits, for example the output of `openssl rand -base64 32`.',
  MASTER_KEY_COMMAND_FAILED: 'Run the command by hand: it must print the key alone and end with exit code 0.',
  MASTER_KEY_EXPOSED:
    'Take the rights of others away: chmod 600 on the file. If others had access, rotate the master key.',
  MASTER_KEY_MISSING:
    'Bring back the file `master.key` that belongs to this database, or give its key by CONNECTOR_HOST_MASTER_KEY.',
  MASTER_KEY_WRONG:
    'Start with the master key that this database was written with; the data directory may belong to another database.',
  DATA_KEY_UNKNOWN: 'The data was sealed under a key that this database does not hold, or its key was destroyed.',
  SEAL_BROKEN: 'The stored data was changed, cut off or moved to another place; restore it from a backup.',
} as const;

/** A code of {@link SealingError}. */
export type SealingErrorCode = keyof typeof sealingErrorCodes;

/** Thrown where a key is missing or wrong, or sealed data is not what was sealed. Never holds key or data. */
export class SealingError extends Error {
  readonly remedy: string;

  constructor(
    readonly code: SealingErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'SealingError';
    this.remedy = sealingErrorCodes[code];
  }
}
