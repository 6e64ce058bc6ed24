/** `connector-host connectors doctor`, as a process of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Refusal, type RefusalCode, refusalCodes } from 'connector-contract/loading';
import { diagnose, steps } from '../../src/plugins/diagnosis.js';
import { fixture } from '../plugins/fixtures.js';
import { connectorHost } from './run.js';

const roots = (...names: string[]) => names.flatMap((name) => ['--root', fixture(name)]);

describe('connectors doctor', () => {
  test('explains a good connector: what was found, its contract, what it offers, every step passed', async () => {
    const { code, out } = await connectorHost(['connectors', 'doctor', '--json', ...roots('harbour')]);
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ ready: 1, refused: 0, host: { contract: '1.0.0' } });
    expect(report.items).toEqual([
      expect.objectContaining({
        package: { name: 'harbour', version: '1.4.0', directory: fixture('harbour') },
        manifest: './manifest.json',
        connector: { id: 'harbour', version: '1.4.0', displayName: expect.any(String) },
        contract: { range: '^1.0.0', host: '1.0.0', fits: true, needs: [], lacking: [] },
        features: expect.arrayContaining(['deletion', 'deletion.cancel', 'system-detection']),
        state: 'ready',
        others: [],
      }),
    ]);
    expect(report.items[0].steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(steps.map(() => 'passed'));
  });

  test('explains why others are refused, how far they came and what to do; ends with exit code 5', async () => {
    const names = ['contract-mismatch', 'feature-missing', 'capability-incomplete', 'package-unreadable', 'plain'];
    const { code, out } = await connectorHost(['connectors', 'doctor', '--json', ...roots(...names)]);
    expect(code).toBe(5);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ ready: 1, refused: 4 });
    const by = (wanted: string) => report.items.find((item: { code?: string }) => item.code === wanted);
    expect(by('CONTRACT_MISMATCH')).toMatchObject({
      contract: { range: '^9.0.0', fits: false },
      remedy: refusalCodes.CONTRACT_MISMATCH,
    });
    expect(by('FEATURE_NOT_OFFERED')).toMatchObject({
      contract: { fits: true, needs: ['operation-keys', 'telepathy'], lacking: ['telepathy'] },
      remedy: refusalCodes.FEATURE_NOT_OFFERED,
    });
    const outcomes = (code: string) => by(code).steps.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes('CAPABILITY_INCOMPLETE').slice(-3)).toEqual(['failed', 'not-reached', 'not-reached']);
    expect(outcomes('PACKAGE_UNREADABLE').slice(0, 2)).toEqual(['failed', 'not-reached']);
  });

  test('shows several versions of one connector, and which of them is used', async () => {
    const { code, out } = await connectorHost(['connectors', 'doctor', ...roots('twice-1.0.0', 'twice-1.2.0')]);
    expect(code).toBe(5);
    expect(out).toContain('twice 1.2.0: ready');
    expect(out).toMatch(/beside {4}1\.2\.0 in .*twice-1\.2\.0, which is used/);
    expect(out).toContain('NO  No other package has its id, and it is the highest usable version');
    expect(out).toContain('all 12 passed');
    expect(out).toContain('6 more, not reached');
    expect(out).toContain('1 ready, 1 refused.');
  });

  test('says what to do where nothing is installed, and where there is no such folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nothing-'));
    const nothing = await connectorHost(['connectors', 'doctor', '--root', folder]);
    expect([nothing.code, nothing.out]).toEqual([5, expect.stringContaining('connector-plugin')]);
    await rm(folder, { recursive: true });
    const missing = await connectorHost(['connectors', 'doctor', '--root', folder]);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('--root')]);
  });

  test('knows a wrong command line', async () => {
    expect((await connectorHost(['connectors', 'doctor', '--nothing'])).code).toBe(2);
  });
});

describe('the steps of a diagnosis', () => {
  test('hold every refusal code once', () => {
    expect(steps.flatMap(({ codes }) => [...codes]).sort()).toEqual(Object.keys(refusalCodes).sort());
  });

  test.each(Object.keys(refusalCodes) as RefusalCode[])('end where %s is given', (code) => {
    const plugin = { name: 'p', version: '1.0.0', directory: '/p', manifests: [] };
    const [diagnosis] = diagnose([{ plugin, refusal: new Refusal(code, 'because') }]);
    expect(diagnosis?.steps.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
    expect(diagnosis).toMatchObject({ state: 'refused', code, reason: 'because', remedy: refusalCodes[code] });
  });
});
