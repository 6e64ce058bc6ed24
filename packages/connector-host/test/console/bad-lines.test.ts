/** The file of bad lines holds the lines that the host means, however the file is written. */
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { badLines } from '../../console/src/requests/bad-lines.js';

const lines = ['request_id,user_id', 'a-1,one', 'a-2,two "quoted" €', 'a-3,three'];
const utf16 = (text: string, big: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

const files: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['line feeds', Buffer.from(lines.join('\n'))],
  ['CR LF, with a byte order mark', Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`)],
  ['CR CR LF', Buffer.from(`${lines.join('\r\r\n')}\r\r\n`)],
  ['carriage returns alone', Buffer.from(`${lines.join('\r')}\r`)],
  ['UTF-16, little end first', utf16(lines.join('\r\n'), false)],
  ['UTF-16, big end first', utf16(lines.join('\n'), true)],
  ['gzip', gzipSync(lines.join('\n'))],
  ['gzip of UTF-16 with carriage returns alone', gzipSync(utf16(lines.join('\r'), false))],
];

test.each(files)('%s', async (_name, bytes) => {
  const errors = [3, 4].map((line) => ({ line, code: 'X', message: 'Bad.' }));
  const text = await (await badLines(new Blob([new Uint8Array(bytes)]), errors)).text();
  expect(text.split('\r\n')).toEqual([
    'line,message,content',
    '3,"Bad.","a-2,two ""quoted"" €"',
    '4,"Bad.","a-3,three"',
    '',
  ]);
});
