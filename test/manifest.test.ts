import { describe, expect, test } from '@jest/globals';
import {
  CONTRACT_VERSION,
  faultCodes,
  inRange,
  looksSecret,
  manifestMarkdown,
  parseManifest,
  quotaGroupOf,
} from 'connector-contract';
import { ApiChoice, DeletionBehavior, IdentifierKinds } from '../src/config.js';
import { segmentDeletion } from '../src/deletion/deletion.js';
import { endpointsFor, Limit, Region } from '../src/segment/endpoints.js';
import { segmentFaultCodes } from '../src/segment/fault.js';
import { RegulationType } from '../src/segment/segment.js';
import { manifestData, packageFile, segmentManifest } from './manifest-file.js';

const manifest = segmentManifest();
const field = (key: string) => manifest.config.fields.find((one) => one.key === key);
const text = JSON.stringify(manifestData);

describe('the manifest agrees with the package', () => {
  test('it is valid', () => {
    const parsed = parseManifest(manifestData);
    expect(parsed.ok ? [] : parsed.issues).toEqual([]);
  });

  test('the package says that it is a connector and where the manifest lies', () => {
    expect(packageFile.keywords).toContain('connector-plugin');
    expect(packageFile.connector).toEqual({ manifests: ['./manifests/segment-config.json'] });
    expect(packageFile.files).toContain('manifests');
  });

  test('both have one version, and the contract it was built for is the one it depends on', () => {
    expect(manifest.version).toBe(packageFile.version);
    expect(inRange(CONTRACT_VERSION, manifest.contract.range)).toBe(true);
    expect(inRange(packageFile.dependencies['connector-contract'] ?? '', manifest.contract.range)).toBe(true);
  });

  test('its entry is one of the package exports', () => {
    expect(Object.keys(packageFile.exports)).toContain(manifest.entry.module);
    expect(manifest.entry.export).toBe('connectorModule');
  });
});

describe('the manifest agrees with the code', () => {
  test('only the making of regulations is tried by a dry run', () => {
    const dry = manifest.permissions.filter((permission) => permission.probe !== 'read-only');
    expect(dry.map(({ id, probe }) => [id, probe])).toEqual([['regulations-write', 'dry-run']]);
  });

  test('there is help for every fault code that exists, and for none that does not', () => {
    const codes = [...new Set([...Object.keys(faultCodes), ...Object.keys(segmentFaultCodes)])].sort();
    expect(manifest.setup.troubleshooting.map((entry) => entry.code).sort()).toEqual(codes);
  });

  test('about regions, whose base URLs are all at hosts that it may talk to', () => {
    const urls = Object.values(Region).flatMap((region) => Object.values(endpointsFor(region)));
    expect(
      urls.map((url) => new URL(url).host).filter((host) => !manifest.network.allowedHosts.includes(host)),
    ).toEqual([]);
    expect(manifest.regions?.map(({ id }) => id)).toEqual(Object.values(Region));
  });

  test('about the names of the limits', () => {
    expect(manifest.limits.rate.map((rate) => rate.id)).toEqual(Object.values(Limit));
  });

  test('cancelling is offered exactly where it is declared', () => {
    expect('cancel' in segmentDeletion()).toBe(manifest.deletion?.cancellable);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['asyncDeletionBehavior', DeletionBehavior, 'wait-for-completion'],
    ['region', Region, 'us'],
    ['api', ApiChoice, 'auto'],
    ['regulationType', RegulationType, 'SUPPRESS_WITH_DELETE'],
    ['identifierKinds', IdentifierKinds, 'both'],
  ])('%s offers what the code knows, and its default is known', (key, known, preset) => {
    const choice = field(key);
    if (choice?.kind !== 'choice') throw new Error(`${key} is no choice`);
    expect(choice.choices.map(({ value }) => value).sort()).toEqual(Object.values(known).sort());
    expect(choice.default).toBe(preset);
  });

  test('the identifier kinds are those that may be chosen to be sent', () => {
    const { both, ...kinds } = IdentifierKinds;
    expect(manifest.identities.kinds.map((one) => one.kind).sort()).toEqual(Object.values(kinds).sort());
    expect(manifest.identities.atLeast).toBe(1);
  });
});

describe('secrets', () => {
  test('what looks like a secret is one', () => {
    for (const one of manifest.config.fields) if (looksSecret(one.key)) expect(one.kind).toBe('secret');
    expect(field('apiToken')?.kind).toBe('secret');
  });

  test('a secret has neither default nor example', () => {
    for (const one of manifest.config.fields.filter((each) => each.kind === 'secret')) {
      expect(Object.keys(one)).not.toEqual(expect.arrayContaining(['default']));
      expect(Object.keys(one)).not.toEqual(expect.arrayContaining(['example']));
    }
  });
});

describe('the set-up page', () => {
  const steps = manifest.setup.steps;

  test('asks for the token, the workspace name and the deletion behavior, in this order, and folds all else away', () => {
    const asked = manifest.config.fields.filter((one) => one.advanced !== true);
    expect(asked.map((one) => one.label)).toEqual(['API Token', 'Workspace Name', 'Asynchronous Deletion Behavior']);
    expect(steps.flatMap((step) => step.fields ?? [])).toEqual(asked.map((one) => one.key));
    expect(manifest.config.fields.filter((one) => one.availability !== undefined).map((one) => one.key)).toEqual([
      'baseUrl',
    ]);
  });

  test('walks through Segment screen by screen, then connects', () => {
    const screens: [string, string[]][] = [
      ['log-in', ['Log in to Segment']],
      ['open-settings', ['**Settings**']],
      ['open-workspace-settings', ['**Workspace settings**']],
      ['copy-workspace-name', ['**General Settings**', '**Workspace Name**']],
      ['open-tokens', ['**Access Management**', '**Tokens**']],
      ['create-token', ['**Create Token**']],
      ['describe-token', ['**Description**', '**Workspace Owner**', '**Create**']],
      ['copy-token', ['**Token**']],
      ['finish-token', ['**Done**']],
      ['return', []],
      ['enter-credentials', ['**API Token**', '**Workspace Name**']],
      ['choose-behavior', ['Asynchronous Deletion Behavior']],
      ['configure', ['**Configure Integration**']],
    ];
    expect(steps.map((step) => step.id)).toEqual(screens.map(([id]) => id));
    for (const [index, [, words]] of screens.entries()) {
      for (const word of words) expect(`${steps[index]?.title}\n${steps[index]?.body}`).toContain(word);
    }
  });

  test('names who may connect, here and in Segment', () => {
    expect(manifest.roles).toEqual({
      host: ['super-admin', 'connections-manager'],
      vendor: ['Admin', 'Workspace Admin'],
    });
    for (const permission of manifest.permissions) {
      expect(permission.grantedBy).toContain('`Workspace Owner > All Resources`');
    }
  });

  test('offers both deletion behaviors with their meaning', () => {
    const behavior = field('asyncDeletionBehavior');
    if (behavior?.kind !== 'choice') throw new Error('asyncDeletionBehavior is no choice');
    expect(behavior.choices.map(({ value, label }) => [value, label])).toEqual([
      ['complete-on-submit', 'Mark integration as complete when a deletion request is successfully submitted'],
      ['wait-for-completion', 'Continue processing until the deletion request is completed'],
    ]);
    const [submit, wait] = behavior.choices;
    expect(wait?.help).toMatch(/default.*"processing" until/i);
    expect(submit?.help).toMatch(/"complete" as soon as/);
  });

  test('says what each regulation type does, reaches and may cost', () => {
    const types = field('regulationType');
    if (types?.kind !== 'choice') throw new Error('regulationType is no choice');
    expect(types.help).toContain('110,000');
    for (const { value, help } of types.choices) {
      expect(help).toMatch(value.endsWith('_INTERNAL') ? /nothing is forwarded|forwards nothing/i : /forwards/);
      expect(help).toMatch(
        value.startsWith('SUPPRESS')
          ? /holds back new data about the person, mostly within a day, at times only after 30 days/
          : /data (about the person )?returns/,
      );
      expect(help).toMatch(/quota|counts again/);
    }
  });

  test('counts every regulation type against the quota that it is counted against at Segment', () => {
    const types = field('regulationType');
    if (types?.kind !== 'choice') throw new Error('regulationType is no choice');
    for (const { value: regulationType } of types.choices) {
      const group = regulationType.endsWith('_INTERNAL') ? 'segment-only' : 'destinations';
      expect(quotaGroupOf(manifest, { regulationType })?.id).toBe(group);
    }
  });

  test('says what a deletion does not reach', () => {
    const notReached = manifest.deletion?.notReached.join('\n');
    for (const word of ['device mode', 'cannot promise', 'replayed', 'anonymous ID', 'take no deletion requests']) {
      expect(notReached).toContain(word);
    }
  });

  test('shows capabilities, types, next steps, documentation and disclaimer', () => {
    const page = manifestMarkdown(manifest);
    for (const words of [
      'Request Manager',
      'Live Data Map',
      'System Detection',
      'Direct Contact',
      'Asynchronous (Whole Record)',
      'Synchronous vs. Asynchronous Integrations',
      'Whole Record Deletion',
      'Deletion Request Lifecycle',
      'Request Manager Overview',
      'API Integration Documentation',
      'Super Admin, Connections Manager',
      'Admin, Workspace Admin',
      'not legal advice',
    ]) {
      expect(page).toContain(words);
    }
    expect(manifest.vendor.apiDocumentation?.link).toMatch(/^https:/);
  });

  test('speaks of no particular host, but for the addresses of pages to read', () => {
    expect(text.replace(/https:\/\/[^"]+/g, '')).not.toMatch(/datagrail/i);
  });

  test('help is plain text: Markdown is only where a host renders it', () => {
    const helps = [
      ...manifest.config.fields.flatMap((one) => [
        one.help,
        ...(one.kind === 'choice' ? one.choices.map((each) => each.help) : []),
      ]),
      ...manifest.identities.kinds.map((kind) => kind.help),
      ...(manifest.regions ?? []).map((region) => region.help),
    ];
    for (const help of helps) expect(help).not.toMatch(/\*\*|`|\]\(/);
  });

  test('its icon is a drawing of its own, without script or anything from elsewhere', () => {
    const svg = Buffer.from(manifest.icon?.split(',')[1] ?? '', 'base64').toString('utf8');
    expect(svg).toMatch(/^<svg /);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/script|href|https?:|url\(|on[a-z]+=/i);
  });
});
