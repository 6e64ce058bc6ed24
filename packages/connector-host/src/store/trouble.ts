import { HostProblem, type ProblemCode } from '../problem.js';
import { type TroubleKind, troubleOf } from './database-errors.js';

/** What people are told of each kind of trouble. */
const told: Readonly<Record<TroubleKind, readonly [ProblemCode, string, string]>> = {
  away: ['NOT_READY', 'The database does not answer', 'Try again; GET /readyz tells when it is back.'],
  full: [
    'DISK_FULL',
    'The database server has no room left',
    'Make room on its disk, or free its memory or connections; the host goes on by itself.',
  ],
  'read-only': [
    'NOT_READY',
    'The database takes no writes: it is a standby, or default_transaction_read_only is on',
    'Give the URL of the primary.',
  ],
  busy: ['NOT_READY', 'The database was busy with the same rows', 'Send it again.'],
  denied: [
    'NOT_READY',
    "The database refuses the host's account a right",
    'Let the account own the schemas connector_host, connector_host_jobs and connector_host_migrations; the log names what was refused.',
  ],
  tls: [
    'NOT_READY',
    'The encrypted connection to the database does not come about',
    "Look at the server's certificate, and at sslmode and sslrootcert in CONNECTOR_HOST_DATABASE_URL.",
  ],
};

/** The problem that an error of the database is, with its code and what to do; undefined where it is none that is known. */
export function troubleProblem(error: unknown): HostProblem | undefined {
  const trouble = troubleOf(error);
  if (trouble === undefined) return undefined;
  const [code, text, remedy] =
    trouble.code === '53300' || trouble.code === '53200'
      ? (['NOT_READY', 'The database server has no connections or memory left', told.full[2]] as const)
      : told[trouble.kind];
  return new HostProblem(code, trouble.code === undefined ? `${text}.` : `${text} (${trouble.code}).`, { remedy });
}
