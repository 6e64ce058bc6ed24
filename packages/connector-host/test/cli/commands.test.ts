import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { type Host, startHost } from '../../src/host.js';
import { actors } from '../connections/desk.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { connectorHost } from './run.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const adminToken = 'command-line-admin-token-0123456789';

let database: TestDatabase;
let sandbox: Sandbox;
let host: Host;
let environment: Record<string, string>;
let connection: string;

const connect = (name: string, token: string, more: readonly string[] = []) =>
  connectorHost(
    [
      'connect',
      'segment-config',
      '--name',
      name,
      '--set',
      'workspaceName=acme-demo',
      '--set',
      `baseUrl=${sandbox.url}`,
      '--secret-env',
      'apiToken=TOKEN',
      '--json',
      ...more,
    ],
    { ...environment, TOKEN: token },
  );

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startSandbox({ speed: Number.POSITIVE_INFINITY, badId: /^refused$/ });
  host = await startHost({
    dataDir: mkdtempSync(join(tmpdir(), 'command-line-')),
    databaseUrl: database.url,
    roots: [root],
    port: 0,
    allowEndpoints: [sandbox.url],
    planWindowMs: 50,
    pollIntervalMs: 50,
    adminToken,
    log: testLog,
  });
  environment = { CONNECTOR_HOST_URL: host.url ?? '', CONNECTOR_HOST_TOKEN: adminToken };
});

afterAll(async () => {
  await host.close(1000);
  await sandbox.close();
  await database.drop();
});

describe('the command line with a host', () => {
  it('lists the installed connectors', async () => {
    const { code, out } = await connectorHost(['connectors'], environment);
    expect(code).toBe(0);
    expect(out).toMatch(/segment-config\s.*ready/);
  });

  it('ends with code 3 on a token that is not valid', async () => {
    const { code, err } = await connectorHost(['connectors'], { ...environment, CONNECTOR_HOST_TOKEN: 'wrong-token' });
    expect(code).toBe(3);
    expect(err).not.toContain('wrong-token');
  });

  it('ends with code 4 where the check blocks, shows each permission, and keeps nothing', async () => {
    const { code, err } = await connect('Blocked', sandbox.tokens.publicMember);
    expect(code).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ code: 'CONNECTION_BLOCKED', report: { status: 'blocked' } });
    expect(err).not.toContain(sandbox.tokens.publicMember);
    expect(await host.connections.list()).toEqual([]);
  });

  it('connects, with a repeat allowed where that is said, and checks again', async () => {
    const made = await connect('Acme', sandbox.tokens.publicOwner, ['--allow-repeat']);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.out)).toMatchObject({ settings: { repeatUncertain: true } });
    expect(made.out).not.toContain(sandbox.tokens.publicOwner);
    connection = (JSON.parse(made.out) as { id: string }).id;
    const checked = await connectorHost(['check', connection], environment);
    expect(checked.code).toBe(0);
    expect(checked.out).toContain('The connection is ready.');
    expect(checked.out).toMatch(/regulations-write\s*│ granted/);
  });

  it('says in a dry run what would be sent, and sends nothing', async () => {
    const { code, out } = await connectorHost(
      ['submit', 'dry', '--dry-run', '--json'],
      environment,
      'email=dry@example.com\nuser_id=dry\n',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ subjects: 1, vendorCalls: 1, connections: [{ identifiers: 2 }] });
    expect(sandbox.regulations()).toEqual([]);
  });

  it('says in a dry run that nobody knows what is not reached, where nobody looks for systems', async () => {
    const made = await connect('No systems', sandbox.tokens.publicOwner, ['--capability', 'deletion']);
    const { id } = JSON.parse(made.out) as { id: string };
    const { out } = await connectorHost(
      ['submit', 'dry', '--connection', id, '--dry-run'],
      environment,
      'user_id=dry\n',
    );
    await host.connections.remove(id, actors.admin);
    expect(out).toMatch(/not known\s*│\n/);
  });

  it('says in a dry run whom a connection cannot erase and what it waits for; ends with code 5', async () => {
    const made = await connect('Emails only', sandbox.tokens.publicOwner, ['--set', 'identifierKinds=email']);
    const { id } = JSON.parse(made.out) as { id: string };
    const dry = (input: string, ...more: string[]) =>
      connectorHost(['submit', 'dry', '--connection', id, '--dry-run', ...more], environment, input);
    const refused = await dry('user_id=dry\n');
    expect(refused.code).toBe(5);
    expect(refused.out).toMatch(/Emails only cannot erase dry\. IDENTIFIER_MISSING: .*\n {2}What to do: \w/);
    await connectorHost(['change', id, '--pause'], environment);
    const { code, out } = await dry('email=dry@example.com\n');
    expect(code).toBe(0);
    expect(out).toContain(`Emails only sends nothing now. It waits for: somebody to resume it: change ${id} --resume`);
    const access = await dry('email=dry@example.com\n', '--right', 'access');
    expect([access.code, access.out]).toEqual([0, expect.stringMatching(/^Nothing would be sent: an access request/)]);
    await host.connections.remove(id, actors.admin);
  });

  it('hands in one person, follows to the end, and prints the receipt', async () => {
    const submitted = await connectorHost(['submit', 'one'], environment, 'email=one@example.com\n');
    expect(submitted).toMatchObject({ code: 0 });
    expect(submitted.out).toContain('one is accepted');
    const one = await connectorHost(['status', 'one', '--follow'], environment);
    expect(one.code).toBe(5);
    expect(one.out).toContain('Acme: complete, as the vendor says (access_skipped)');
    expect(one.out).toMatch(/\d+ things are left over/);
    const followed = await connectorHost(['status', '--follow', '--limit', '0'], environment);
    expect(followed).toMatchObject({ code: 5, out: '1 left_over\n' });
    const receipt = await connectorHost(['receipt', 'one'], environment);
    expect(receipt.out.trim()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('imports a file, names its bad lines by number, and ends with code 5', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'import-')), 'people.csv');
    writeFileSync(file, 'request_id,email,user_id\ntwo,two@example.com,2\nbad,,\nthree,,refused\n');
    const { code, out } = await connectorHost(['import', file], environment);
    expect(code).toBe(5);
    expect(out).toContain('2 accepted, 0 duplicates, 1 rejected, 0 doubtful.');
    expect(out).toContain('  line 3: ');
    const followed = await connectorHost(['status', '--follow', '--json', '--limit', '1'], environment);
    expect(followed.code).toBe(5);
    expect(JSON.parse(followed.out)).toMatchObject({ counts: { left_over: 2, error: 1, processing: 0 } });
    const three = await connectorHost(['status', 'three'], environment);
    expect(three.code).toBe(5);
    expect(three.out).toContain('IDENTIFIER_REFUSED');
    expect(three.out).toContain('What to do: ');
  });

  it('sends what is in error again: all that fits a filter, and nothing else', async () => {
    const retry = (...args: string[]) => connectorHost(['retry', '--json', ...args], environment);
    expect(JSON.parse((await retry('--code', 'NO_SUCH_CODE')).out)).toEqual({
      retried: 0,
      unsettled: 0,
      unsendable: 0,
    });
    expect(JSON.parse((await retry('--connection', connection, '--until', '2001-01-01T00:00:00Z')).out)).toEqual({
      retried: 0,
      unsettled: 0,
      unsendable: 0,
    });
    const filter = ['--connection', connection, '--code', 'IDENTIFIER_REFUSED', '--since', '2001-01-01'];
    expect(JSON.parse((await retry(...filter)).out)).toEqual({ retried: 1, unsettled: 0, unsendable: 0 });
    expect((await connectorHost(['status', '--follow', '--limit', '0'], environment)).code).toBe(5);
    const one = await connectorHost(['retry', 'three'], environment);
    expect(one).toMatchObject({ code: 0, out: 'three is pending.\n' });
    expect((await retry()).code).toBe(2);
    expect((await retry('two')).code).toBe(4);
  });

  it('changes settings, pauses, cancels what waits, and resumes', async () => {
    const change = (...args: string[]) => connectorHost(['change', connection, ...args], environment);
    const paused = await change('--pause', '--no-allow-repeat', '--monthly-quota', '5000', '--json');
    expect(JSON.parse(paused.out)).toMatchObject({
      state: 'paused',
      settings: { repeatUncertain: false, monthlyQuota: 5000 },
    });
    const listed = await connectorHost(['connections'], environment);
    expect(listed.out).toMatch(/waits for/);
    expect(listed.out).toContain(`│ somebody to resume it: change ${connection} --resume │`);
    await connectorHost(['submit', 'waits'], environment, 'user_id=waits\n');
    const cancelled = await connectorHost(['cancel', 'waits'], environment);
    expect(cancelled).toMatchObject({ code: 0, out: 'waits is cancelled.\n' });
    const resumed = await change('--resume', '--allow-repeat', '--monthly-quota', 'published', '--name', 'Acme');
    expect(resumed.out).toMatch(
      /^Acme is active\.\nFrom now on a submission .* is sent again\.\n\d+ identifiers are left/,
    );
    expect((await change('--name', 'Acme')).out).toMatch(/^Acme is active\.\n\d+ identifiers are left/);
    expect(sandbox.regulations().flatMap(({ subjectIds }) => subjectIds)).not.toContain('waits');
    const renewed = await connectorHost(['change', connection, '--secret-env', 'apiToken=TOKEN'], {
      ...environment,
      TOKEN: 'wrong-token',
    });
    expect(renewed.code).toBe(4);
    expect(renewed.err).not.toContain('wrong-token');
    expect([(await change()).code, (await change('--monthly-quota', 'many')).code]).toEqual([2, 2]);
  });

  it('settles only an operation that is undecided', async () => {
    const settle = (...args: string[]) => connectorHost(['settle', '1', ...args], environment);
    expect((await settle()).code).toBe(2);
    const refused = await settle('--confirm', 'reg_1');
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('only one that is undecided can be settled');
  });

  it('shows the operation that a person has to decide about, with the commands that do', async () => {
    const made = JSON.parse((await connect('Older', sandbox.tokens.configAdmin)).out) as { id: string };
    sandbox.faults.add({ on: 'POST /v1beta/workspaces/{slug}/regulations', kind: 'lost-after', times: 1 });
    await connectorHost(['submit', 'lost', '--connection', made.id], environment, 'user_id=lost\n');
    await connectorHost(['status', '--follow', '--limit', '0'], environment);
    const { out } = await connectorHost(['status', 'lost'], environment);
    const [, operation = ''] = /Older: waiting_for_person \(access_skipped\), operation (\d+)$/m.exec(out) ?? [];
    expect(out).toContain(`connector-host settle ${operation} --confirm REFERENCE`);
    expect(out).toContain(`connector-host settle ${operation} --resubmit`);
    const settled = await connectorHost(['settle', operation, '--resubmit'], environment);
    expect(settled).toMatchObject({ code: 0, out: `Operation ${operation} is planned.\n` });
    await connectorHost(['status', '--follow', '--limit', '0'], environment);
    const done = await connectorHost(['status', 'lost'], environment);
    expect(done.out).toMatch(new RegExp(`^  operation ${operation}, \\S+$`, 'm'));
    expect(done.out).not.toContain('settle');
    await host.connections.remove(made.id, actors.admin);
  });

  it('reads NDJSON from standard input where the format says so', async () => {
    const line = JSON.stringify({
      requestId: 'four',
      right: 'deletion',
      identifiers: [{ kind: 'user_id', value: '4' }],
    });
    const { code, out } = await connectorHost(
      ['import', '-', '--format', 'ndjson', '--json'],
      environment,
      `${line}\n`,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ accepted: 1, rejected: 0 });
    // The name tells it, however it is written; where nothing tells it, the error says how to.
    const folder = mkdtempSync(join(tmpdir(), 'ndjson-'));
    const [named, unnamed] = [join(folder, 'PEOPLE.NDJSON'), join(folder, 'people')];
    for (const file of [named, unnamed]) writeFileSync(file, `${line}\n`);
    expect(await connectorHost(['import', named], environment)).toMatchObject({
      code: 0,
      out: '0 accepted, 1 duplicates, 0 rejected, 0 doubtful.\n',
    });
    const refused = await connectorHost(['import', unnamed], environment);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--format ndjson')]);
  });

  it('reads an identifiers file that begins with a byte order mark', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'identifiers-')), 'person');
    writeFileSync(file, '\ufeffuser_id=marked\n');
    const { code, out } = await connectorHost(['submit', 'marked', '--identifiers', file, '--dry-run'], environment);
    expect([code, out]).toEqual([0, expect.stringMatching(/Acme\s*│ 1/)]);
  });

  it('detects the systems and says how many of them a deletion reaches', async () => {
    const { code, out } = await connectorHost(['detect', connection], environment);
    expect(code).toBe(0);
    expect(out).toMatch(/A deletion reaches \d+ of \d\d systems; \d+ need you, \d+ (is|are) not known\./);
    expect(out).not.toContain('sandbox-secret-');
  });

  it('ends with code 4 on a connection that is not there', async () => {
    const { code, err } = await connectorHost(['check', 'nowhere'], environment);
    expect(code).toBe(4);
    expect(err).toContain('There is no connection');
  });
});
