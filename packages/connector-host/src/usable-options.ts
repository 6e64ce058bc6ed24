/** What must be true of a host's options before it starts. Everything is looked at before anything is begun. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { allowedOrigins } from './connections/endpoints.js';
import type { HostOptions } from './host-options.js';
import { readMail } from './notices/mail-settings.js';
import { HostProblem } from './problem.js';
import { readPublicUrl } from './public-url.js';
import { isZone } from './requests/zoned-days.js';

function unusable(detail: string, remedy: string): HostProblem {
  return new HostProblem('OPTION_INVALID', detail, { remedy });
}

/** @throws HostProblem OPTION_INVALID, naming the option and what to do. */
export function demandUsable(options: HostOptions): void {
  if (options.serve !== false) {
    demandSafeAddress(options);
    if (options.tls !== undefined) demandPair(options.tls);
  }
  if (options.zone !== undefined && !isZone(options.zone)) {
    throw unusable('--zone: there is no zone of this name.', 'Give the name of a zone, such as Europe/Berlin or UTC.');
  }
  if (options.requireWall === true && (options.isolation ?? 'process') !== 'process') {
    throw unusable(`--require-wall: with --isolation ${options.isolation} there is none.`, 'Leave one of the two out.');
  }
  if (options.develop !== undefined) demandNobodyElse(options);
  for (const root of options.roots) {
    if (kindOf(root) !== 'folder')
      throw unusable(
        `--root: there is no folder ${root}.`,
        'Name the folder of a project whose connectors are to be loaded.',
      );
  }
  if (kindOf(options.dataDir) === 'other') {
    throw unusable(`--data-dir: ${options.dataDir} is not a folder.`, 'Name a folder, or one that is to be made.');
  }
  if (options.publicUrl !== undefined) readPublicUrl(options.publicUrl);
  if (options.mail !== undefined) readMail(options.mail);
  allowedOrigins(options.allowEndpoints ?? []);
  allowedOrigins(options.allowWebhooks ?? [], '--allow-webhook');
}

/** Why a host cannot listen, by what the system says; anything else as it is. */
export function listenProblem(
  error: unknown,
  { host = '127.0.0.1', port = 4600 }: Pick<HostOptions, 'host' | 'port'>,
): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return unusable(
      `--port: port ${port} of ${host} is used by another process.`,
      'Give another --port (0 for a free one), or end the other process.',
    );
  }
  if (code === 'EACCES')
    return unusable(`--port: this account may not listen on port ${port}.`, 'Give a --port from 1024 on.');
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unusable(`--host: ${host} is no address of this machine.`, 'Give an address that this machine has.');
  return error;
}

function kindOf(path: string): 'folder' | 'nothing' | 'other' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    // Below a file there is nothing and can be nothing.
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'other' : 'nothing';
  }
}

/** What connectors print and throw may be people's data, and a debugger sees all: that is for made-up people on one's own machine. */
function demandNobodyElse({ host, databaseUrl, requireWall }: HostOptions): void {
  if (isLoopback(host) && databaseUrl === undefined && requireWall !== true) return;
  throw unusable(
    '--develop is for connectors that are being written, and shows what they print and throw.',
    'Leave it out where the host can be reached from elsewhere (--host), has another database than its own (--database-url), or needs its walls (--require-wall).',
  );
}

function isLoopback(host = '127.0.0.1'): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Tokens and identifiers do not cross a network in clear unless somebody says that they may. */
function demandSafeAddress({ host = '127.0.0.1', tls, insecureBind = false }: HostOptions): void {
  if (isLoopback(host) || tls !== undefined || insecureBind) return;
  throw unusable(
    `Listening on ${host} without TLS would show tokens and people's identifiers to the network.`,
    'Give --tls-cert and --tls-key, or --insecure-bind where something in front of this host brings TLS or nobody else is on the network.',
  );
}

/** What OpenSSL says of such files is for nobody, and it may not say which of them it means. */
function demandPair({ cert, key }: { readonly cert: string; readonly key: string }): void {
  const certificate = read(
    () => new X509Certificate(cert),
    '--tls-cert: the file holds no certificate in PEM.',
    'Give the certificate, with its chain below it.',
  );
  const privateKey = read(
    () => createPrivateKey(key),
    '--tls-key: the file holds no private key in PEM that can be read.',
    'Give the key of the certificate, without a password.',
  );
  if (certificate.checkPrivateKey(privateKey)) return;
  throw unusable('--tls-key is not the key of the certificate in --tls-cert.', 'Give the two that were made together.');
}

function read<T>(parse: () => T, detail: string, remedy: string): T {
  try {
    return parse();
  } catch {
    throw unusable(detail, remedy);
  }
}
