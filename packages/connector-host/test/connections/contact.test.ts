import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ContactChange, contactIssues } from '../../src/connections/contact.js';
import { actors, clearDesk, type Desk, openDesk } from './desk.js';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(() => clearDesk(desk));

const config = { apiToken: 'right-token', account: 'north' };
const jane = { name: 'Jane Roe', email: 'jane@harbour.example' };
const create = async (contact?: ContactChange, actor: (typeof actors)['admin' | 'connecting'] = actors.admin) =>
  (
    await desk.connections.create(
      { connector: 'harbour', name: 'North', config, ...(contact === undefined ? {} : { contact }) },
      actor,
    )
  ).connection;
const fields = (issues: readonly { field: string; code: string }[]) =>
  issues.map(({ field, code }) => `${field} ${code}`);

describe('the contact of a connection', () => {
  test('is nobody until somebody is named', async () => {
    expect((await create()).contact).toBeUndefined();
  });

  test('is given with the connection, and waits for a person where it stays silent, unless it is said otherwise', async () => {
    const { id, contact } = await create({ ...jane, notes: '  ' }, actors.connecting);
    expect(contact).toEqual({ ...jane, whenSilent: 'pause' });
    expect((await desk.connections.get(id))?.contact).toEqual(contact);
  });

  test('is changed field by field, by name alone in what is kept of it, and goes with the connection', async () => {
    const { id } = await create();
    const change = async (contact: ContactChange | null) =>
      (await desk.connections.update(id, { contact }, actors.admin)).connection.contact;
    await change({ ...jane, accountId: '4711', notes: 'By post.', whenSilent: 'skip' });
    expect(await change({ accountId: null, notes: ' By mail. ' })).toEqual({
      ...jane,
      notes: 'By mail.',
      whenSilent: 'skip',
    });
    expect((await desk.connections.update(id, { name: 'South' }, actors.admin)).connection.contact?.name).toBe(
      jane.name,
    );
    const { rows } = await desk.database.db.pool.query<{ fields: string }>(
      `select data ->> 'fields' as fields from connector_host.audit_log where action = 'connection.updated' order by seq`,
    );
    expect(rows.map((row) => row.fields)).toEqual([
      'contact.accountId, contact.email, contact.name, contact.notes, contact.whenSilent',
      'contact.accountId, contact.notes',
      'name',
    ]);
    expect(await change(null)).toBeUndefined();
    await change(jane);
    await desk.connections.remove(id, actors.admin);
    const left = await desk.database.db.pool.query('select contact from connector_host.connections');
    expect(left.rows).toEqual([{ contact: null }]);
  });

  test('is set by those who may change the connection, and by nobody else', async () => {
    const { id } = await create();
    for (const actor of [actors.privacy, actors.viewer])
      await expect(desk.connections.update(id, { contact: jane }, actor)).rejects.toMatchObject({
        code: 'ROLE_MISSING',
      });
    await expect(desk.connections.update(id, { contact: { name: 'Jane' } }, actors.connecting)).rejects.toMatchObject({
      code: 'CONNECTION_INVALID',
      errors: [expect.objectContaining({ field: 'contact.email', code: 'REQUIRED' })],
    });
  });

  test('needs a name and one e-mail address, keeps to a line and to its length, and belongs to connectors that ask a person', () => {
    expect(fields(contactIssues(null, {}, true))).toEqual(['contact.name REQUIRED', 'contact.email REQUIRED']);
    expect(fields(contactIssues(null, { name: 'A\r\nBcc: b', email: 'a@b, c@d' }, true))).toEqual([
      'contact.email INVALID',
      'contact.name INVALID',
    ]);
    expect(fields(contactIssues(null, { ...jane, notes: 'x'.repeat(2_001) }, true))).toEqual([
      'contact.notes TOO_LONG',
    ]);
    expect(fields(contactIssues(null, jane, false))).toEqual(['contact NOT_OFFERED']);
    expect(contactIssues(null, { ...jane, notes: 'two\nlines' }, true)).toEqual([]);
  });
});
