/** Forms with files: read as they arrive, and never kept in memory whole. */
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { present } from '../clock.js';
import { HostProblem } from '../problem.js';
import { discardFiles, type FileOf, fileContent, fileLimits, type StoredFile, storeFile } from '../requests/files.js';
import type { ApiParts } from './parts.js';
import { mediaType } from './problems.js';

/** Makes a scope take forms, and nothing else. */
export async function acceptForms(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    limits: { files: fileLimits.files, fileSize: fileLimits.bytes, fields: 4, fieldSize: 16_000, parts: 40 },
    throwFileSizeLimit: false,
  });
  // Before the framework looks for a parser: it would name the type that all other calls take.
  app.addHook('preParsing', async ({ method, headers }) => {
    const form = /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
    if (method === 'POST' && !form) throw mediaType('multipart/form-data');
  });
  // A form is judged as it is read: its schema is for those who read the document.
  const judge = app.validatorCompiler;
  app.setValidatorCompiler((route) => (route.httpPart === 'body' || judge === undefined ? () => true : judge(route)));
  app.addHook('onSend', async ({ raw }) => {
    // What is left of a refused form is read and thrown away: the browser shows the answer only then.
    if (!raw.complete) raw.resume();
  });
}

/** Reads a file of a form to its end, and throws it away. */
export async function passOver(file: Readable): Promise<void> {
  // One that breaks off says so where the form is read.
  await finished(file.resume()).catch(() => undefined);
}

/**
 * Takes a file of a form in. All of it is read, whatever becomes of it: a browser reads no answer before that.
 * @returns its id.
 * @throws HostProblem REQUEST_INVALID for one that is too large or empty; DISK_FULL.
 */
export async function takeFile(
  { db, clock, keyring }: Pick<ApiParts, 'db' | 'clock' | 'keyring'>,
  of: FileOf,
  { file, filename: name }: MultipartFile,
): Promise<number> {
  try {
    const content = file.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    const about = { ...of, name };
    const { id, bytes } = await storeFile(db, () => keyring.people(true), about, content, present(clock));
    const message = file.truncated
      ? `A file is larger than ${fileLimits.bytes / 1024 / 1024} MB.`
      : bytes === 0
        ? 'A file is empty.'
        : undefined;
    if (message === undefined) return id;
    await discardFiles(db.orm, [id]);
    const code = file.truncated ? 'TOO_LARGE' : 'EMPTY';
    throw new HostProblem('REQUEST_INVALID', message, { errors: [{ field: 'file', code, message }] });
  } finally {
    await passOver(file);
  }
}

/** Sends a file: as a download and nothing else, since a stranger may have made it. */
export async function sendFile(
  reply: FastifyReply,
  { db, keyring }: Pick<ApiParts, 'db' | 'keyring'>,
  { id, name, bytes }: StoredFile,
): Promise<FastifyReply> {
  return reply
    .type('application/octet-stream')
    .header('content-disposition', attachment(name))
    .header('content-length', bytes)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .send(Readable.from(fileContent(db, await keyring.people(), id), { objectMode: false }));
}

/** RFC 6266: a name in plain letters for old programs, and the name itself for all others. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w. -]/g, '_');
  const whole = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
