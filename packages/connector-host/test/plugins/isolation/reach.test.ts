/** What a connector can reach from its process: the places its connection may reach, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { apart, fixture } from '../fixtures.js';
import { gone, how, openScene, processOf, type Scene } from './rampant.js';

describe.each(apart)('with isolation %s,', (isolation) => {
  let scene: Scene;
  let server: Server;
  let connections = 0;
  let port = '';

  beforeAll(async () => {
    process.env['SECRET_OF_THE_HOST'] = 'in the environment';
    scene = await openScene({ isolation, secretPaths: [fixture('rampant/.kept')] });
    server = createServer((_request, response) => response.end('reached'));
    server.on('connection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = String((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    delete process.env['SECRET_OF_THE_HOST'];
    server.closeAllConnections();
    server.close();
    await scene.registry.close();
  });
  beforeEach(() => {
    connections = 0;
  });

  describe('a place that is not allowed', () => {
    test('is reached in no way', async () => {
      const { facts } = await scene.rampant.check(how('talks to others', {}, port));
      expect(connections).toBe(0);
      const refused = Object.entries(facts).filter(
        ([, how]) => how === 'ENDPOINT_NOT_ALLOWED' || how === 'CONNECTOR_BUG' || how === 'TypeError',
      );
      // The name of the vendor does not exist: DNS says so, whatever address the connector has for it.
      const unknown = {
        'a permitted name with an answer of its own': expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      };
      expect(facts).toEqual({ ...Object.fromEntries(refused), ...unknown });
      expect(Object.keys(facts)).toHaveLength(23);
    });

    test('makes the call that failed over it fail with the place', async () => {
      const failed = scene.rampant.status('r', how('talks to another and fails', {}, port));
      await expect(failed).rejects.toMatchObject({
        code: 'ENDPOINT_NOT_ALLOWED',
        // Another credential would not help: the connection rests until there is another version of the connector.
        kind: 'bug',
        retryable: true,
        message: expect.stringContaining(`127.0.0.1:${port}`),
        remedy: expect.stringContaining('network.allowedHosts'),
      });
    });

    test('stands in a report that took it for unreachable', async () => {
      const report = await scene.rampant.check(how('talks to another and takes it for unreachable', {}, port));
      expect(report).toMatchObject({ status: 'degraded', problems: [{ code: 'ENDPOINT_NOT_ALLOWED' }] });
    });

    test('cannot be reached by what goes on after a call, even where the call could', async () => {
      const allowedOrigins = [`http://127.0.0.1:${port}`];
      scene.logged.length = 0;
      await scene.rampant.check(how('talks when nobody asked', { allowedOrigins }, port));
      await scene.logs(`127.0.0.1:${port}`);
      expect(connections).toBe(0);
    });
  });

  describe('a place that the operator allows', () => {
    test('is reached by every kind of connection, and nothing else is', async () => {
      const allowedOrigins = [`http://127.0.0.1:${port}`];
      const { facts } = await scene.rampant.check(how('talks to others', { allowedOrigins }, port));
      const reached = Object.entries(facts).filter(([, how]) => how === 'reached');
      expect(reached.map(([name]) => name)).toEqual([
        'fetch',
        'http',
        'http with an agent',
        'http2',
        'net',
        'a named import',
        'a socket',
      ]);
      expect(facts).toMatchObject({ localhost: 'ENDPOINT_NOT_ALLOWED', 'a number': 'ENDPOINT_NOT_ALLOWED' });
    });
  });

  describe('a name that the operator allows', () => {
    test('is reached by its name, and its address by no other', async () => {
      const allowedOrigins = [`http://localhost:${port}`];
      const { facts } = await scene.rampant.check(how('talks to others', { allowedOrigins }, port));
      expect(Object.entries(facts).filter(([, how]) => how === 'reached')).toEqual([['localhost', 'reached']]);
    });
  });

  describe('from its process, a connector', () => {
    test('sees nothing of the host and does nothing to it', async () => {
      const { facts } = await scene.rampant.check(how('looks around'));
      const { environment, 'working folder': folder, 'line of commands': line, ...others } = facts;
      expect([environment, folder, line]).toEqual(['', '', '']);
      expect(Object.keys(others).length).toBeGreaterThan(15);
      expect(Object.entries(others).filter(([, how]) => how === 'done')).toEqual([]);
    });

    test('has no descriptor of the host', async () => {
      const pid = await processOf(scene);
      const held = await Promise.all(
        (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
      );
      const files = held.filter((target) => target.startsWith('/') && !target.startsWith('/dev/'));
      expect(files).toEqual([]);
    });

    test('has no descriptor that the host was started with', async () => {
      const kept = openSync(fileURLToPath(import.meta.url), 'r');
      const stdio: ('ignore' | 'pipe' | 'inherit' | number)[] = ['ignore', 'pipe', 'inherit'];
      while (stdio.length < 40) stdio.push('ignore');
      const host = spawn(process.execPath, ['--input-type=module', '-e', hostScript(isolation)], {
        stdio: [...stdio, kept],
      });
      closeSync(kept);
      const [line] = (await once(createInterface({ input: host.stdout as Readable }), 'line')) as [string];
      const heldBy = async (pid: number) =>
        Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
      expect(await heldBy(host.pid ?? 0)).toContainEqual(fileURLToPath(import.meta.url));
      expect(await heldBy(Number(line))).not.toContainEqual(fileURLToPath(import.meta.url));
      host.kill('SIGKILL');
      await gone(Number(line));
    });

    test('is gone when the host is killed', async () => {
      const host = spawn(process.execPath, ['--input-type=module', '-e', hostScript(isolation)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
      expect(Number(line)).toBeGreaterThan(0);
      host.kill('SIGKILL');
      await gone(Number(line));
    });
  });
});

function distFile(name: string): string {
  return fileURLToPath(new URL(`../../../dist/${name}`, import.meta.url));
}

/** A host that prints the id of its connector's process. */
function hostScript(isolation: string): string {
  return `
      const { ConnectorRegistry } = await import(${JSON.stringify(distFile('plugins/registry.js'))});
      const { openLog } = await import(${JSON.stringify(distFile('log.js'))});
      const write = (line) => line.includes('is up') && console.log(JSON.parse(line).process);
      await ConnectorRegistry.load({
        roots: [${JSON.stringify(fixture('rampant'))}],
        isolation: ${JSON.stringify(isolation)},
        log: openLog({ level: 'debug', to: { write } }),
      });
      setInterval(() => undefined, 1000);`;
}
