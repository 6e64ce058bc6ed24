/** Files that arrive by links, side by side, slowly, or on a full disk: what is taken, what is told, and who is held up. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { ADMIN, formWith } from '../api/running-host.js';
import { type ContactStage, jane, openContactStage, sendForm } from './stage.js';

/** Connections without a token that the host of this test keeps. */
const STRANGERS = 20;
const UPLOADS = 10;

let stage: ContactStage;
let pool: pg.Pool;
let nth = 0;

beforeAll(async () => {
  stage = await openContactStage({ strangers: STRANGERS });
  await stage.contact(jane);
  pool = new pg.Pool({ connectionString: stage.running.databaseUrl });
});
afterAll(async () => {
  await pool.end();
  await stage.stop();
});

async function asked(): Promise<{ readonly id: string; readonly token: string }> {
  nth += 1;
  const id = `upload-${nth}`;
  await stage.ask(id, `${id}@person.example`);
  const mails = () => stage.texts().filter((text) => text.includes('/answer/')).length;
  while (mails() < nth) await delay(20);
  return { id, token: stage.token() };
}

/** How many files are arriving. */
const arriving = async (): Promise<number> =>
  (await pool.query('select count(*)::int as n from connector_host.stored_files where attached_at is null')).rows[0].n;
async function untilArriving(count: number): Promise<void> {
  while ((await arriving()) !== count) await delay(20);
}
const filesOf = async (id: string): Promise<{ name: string; bytes: number }[]> =>
  (await stage.running.call('GET', `/api/v1/requests/${id}/files`)).body.items;

function open(head: string): Socket {
  const socket = connect(Number(new URL(stage.running.url).port), '127.0.0.1', () => socket.write(head));
  return socket.on('error', () => undefined).resume();
}

/** A form of which the file has begun to arrive; `finish` sends the rest and answers what the host says. */
function begin(token: string, name: string): { readonly socket: Socket; finish(): Promise<string> } {
  const part = (head: string) => `--edge\r\ncontent-disposition: form-data; ${head}\r\n\r\n`;
  const begun = `${part('name="answer"')}data\r\n${part(`name="files"; filename="${name}"`)}begun`;
  const rest = ', and done\r\n--edge--\r\n';
  const head = `POST /answer/${token} HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=edge\r\n`;
  const socket = open(`${head}content-length: ${begun.length + rest.length}\r\n\r\n${begun}`);
  return {
    socket,
    finish: async () => {
      const said = once(socket, 'data');
      socket.write(rest);
      return String((await said)[0]);
    },
  };
}

test('of two answers by one link that arrive side by side the first is taken, and the other is told so', async () => {
  const { id, token } = await asked();
  const first = begin(token, 'first.csv');
  await untilArriving(1);
  const second = await sendForm(stage, token, { answer: 'data' }, [{ name: 'second.csv', content: 'x' }]);
  expect([second.status, second.text]).toEqual([
    409,
    expect.stringContaining('Another answer by this link is arriving'),
  ]);
  expect(await arriving()).toBe(1);
  expect(await first.finish()).toMatch(/^HTTP\/1\.1 200 [\s\S]*Thank you/);
  first.socket.destroy();
  expect(await filesOf(id)).toMatchObject([{ name: 'first.csv', bytes: 'begun, and done'.length }]);
  const late = await sendForm(stage, token, { answer: 'nothing' });
  expect([late.status, late.text]).toEqual([404, expect.stringContaining('leads nowhere')]);
});

test('of answers that are sent at the same moment exactly one counts', async () => {
  const { id, token } = await asked();
  const sent = await Promise.all(
    ['one', 'two', 'three'].map((name) => sendForm(stage, token, { answer: 'data' }, [{ name, content: name }])),
  );
  expect(sent.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(sent.filter(({ status }) => status !== 200).every(({ status }) => status === 409 || status === 404)).toBe(
    true,
  );
  expect(await filesOf(id)).toHaveLength(1);
  expect(await arriving()).toBe(0);
});

test('slow uploads keep nobody out who has a token, and push out none of each other', async () => {
  const uploads = [];
  for (let count = 0; count < UPLOADS; count += 1) uploads.push(begin((await asked()).token, 'slow.csv'));
  await untilArriving(UPLOADS);
  const working = open(`GET /api/v1/session HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ADMIN}\r\n\r\n`);
  await once(working, 'data');
  // More strangers come than there is room for: the uploads were there first, and go first.
  const strangers: Socket[] = [];
  const cut = uploads.slice(0, 5).map(({ socket }) => once(socket, 'close'));
  for (let count = 0; count < STRANGERS - UPLOADS + 5; count += 1) {
    const socket = open('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(socket, 'data');
    strangers.push(socket);
  }
  await Promise.all(cut);
  // What was cut off leaves nothing behind; the others go on.
  await untilArriving(UPLOADS - 5);
  const again = once(working, 'data');
  working.write(`GET /api/v1/session HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ADMIN}\r\n\r\n`);
  expect(String((await again)[0])).toMatch(/^HTTP\/1\.1 200 /);
  expect((await stage.running.call('GET', '/api/v1/work/counts')).status).toBe(200);
  for (const { finish, socket } of uploads.slice(5)) {
    expect(await finish()).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  }
  for (const socket of [working, ...strangers]) socket.destroy();
  expect(await arriving()).toBe(0);
});

test('a database without room takes nothing of a file, and says so in the words of whoever sends it', async () => {
  await pool.query(`
    create function public.no_room() returns trigger language plpgsql as $$ begin
      if new.place > 0 then raise exception 'could not extend file' using errcode = '53100'; end if; return new; end $$;
    create trigger no_room before insert on connector_host.file_pieces for each row execute function public.no_room()`);
  const { id, token } = await asked();
  const files = [{ name: 'large.bin', content: new Uint8Array(3 * 1024 * 1024) }];
  const page = await sendForm(stage, token, { answer: 'data' }, files);
  expect([page.status, page.text]).toEqual([
    507,
    expect.stringContaining('There is no room for your files here just now.'),
  ]);
  const form = formWith(new Uint8Array(3 * 1024 * 1024));
  const call = await stage.running.call('POST', `/api/v1/requests/${id}/files`, form);
  expect([call.status, call.body.code, call.body.remedy]).toEqual([
    507,
    'DISK_FULL',
    expect.stringContaining('Make room'),
  ]);
  expect((await pool.query('select count(*)::int as n from connector_host.file_pieces where place > 0')).rows).toEqual([
    { n: 0 },
  ]);
  expect(await arriving()).toBe(0);
  await pool.query('drop trigger no_room on connector_host.file_pieces');
  expect((await sendForm(stage, token, { answer: 'data' }, files)).status).toBe(200);
});
