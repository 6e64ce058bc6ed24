import { describe, expect, test } from '@jest/globals';
import { parseManifest } from '../../src/manifest/index.js';
import { inOrder, sampleField, sampleManifest } from './sample.js';

// biome-ignore lint/suspicious/noExplicitAny: the broken manifests are what the types forbid.
type Broken = any;

/** The paths and messages that a manifest is refused with, after a change. */
function issuesAfter(change: (manifest: Broken) => void): string[] {
  const manifest: Broken = structuredClone(sampleManifest());
  change(manifest);
  const parsed = parseManifest(manifest);
  return parsed.ok ? [] : parsed.issues.map((issue) => `${issue.path}: ${issue.message}`);
}

function fieldOf(manifest: Broken, key: string): Broken {
  return manifest.config.fields.find((field: { key: string }) => field.key === key);
}

test('a manifest in order is accepted, and answered as a copy', () => {
  const manifest = sampleManifest();
  const parsed = parseManifest(manifest);
  expect(parsed).toEqual({ ok: true, manifest });
  expect(parsed.ok && parsed.manifest).not.toBe(manifest);
});

test('keys that begin with x- are allowed anywhere', () => {
  const extended: Broken = sampleManifest();
  extended['x-team'] = { any: 'thing' };
  extended.vendor['x-note'] = 1;
  extended.config.fields[0]['x-ui'] = true;
  expect(parseManifest(extended).ok).toBe(true);
});

describe('the schema is told in plain words', () => {
  const cases: [string, (manifest: Broken) => void, string[]][] = [
    ['a missing key', (m) => delete m.vendor.name, ['vendor.name: `name` is missing.']],
    [
      'an unknown key',
      (m) => {
        m.vendor.nmae = 'x';
      },
      ['vendor.nmae: `nmae` is not a known key here.'],
    ],
    [
      'a wrong type',
      (m) => {
        m.limits.timeoutMs = '5';
      },
      ['limits.timeoutMs: This must be a whole number, but is a text.'],
    ],
    [
      'a value that is not offered',
      (m) => {
        m.access.type = 'fax';
      },
      ['access.type: This must be one of: direct-contact, none.'],
    ],
    [
      'another manifest version',
      (m) => {
        m.manifestVersion = 2;
      },
      ['manifestVersion: This must be 1.'],
    ],
    [
      'an unknown kind of field',
      (m) => {
        m.config.fields[0].kind = 'color';
      },
      ['config.fields[0]: `kind` is not a known kind of field.'],
    ],
    [
      'a default of a secret',
      (m) => {
        m.config.fields[0].default = 'hush';
      },
      ['config.fields[0].default: `default` is not a known key here.'],
    ],
    [
      'an example of a secret',
      (m) => {
        m.config.fields[0].example = 'hush';
      },
      ['config.fields[0].example: `example` is not a known key here.'],
    ],
    [
      'a malformed id',
      (m) => {
        m.id = 'Acme CRM';
      },
      ['id: "Acme CRM" is not of the right form (^[a-z][a-z0-9]*(-[a-z0-9]+)*$).'],
    ],
    [
      'an empty text',
      (m) => {
        m.displayName = '';
      },
      ['displayName: This must not be empty.'],
    ],
    [
      'a text that is too long',
      (m) => {
        m.displayName = 'x'.repeat(81);
      },
      ['displayName: This is longer than 80 characters.'],
    ],
    [
      'an empty list',
      (m) => {
        m.categories = [];
      },
      ['categories: This needs at least 1 entry.'],
    ],
    [
      'a repeated entry',
      (m) => {
        m.categories = ['crm', 'crm'];
      },
      ['categories: The same entry is in the list twice.'],
    ],
    [
      'a number out of range',
      (m) => {
        m.limits.share = 0;
      },
      ['limits.share: This must be > 0.'],
    ],
    [
      'a lower-case fault code',
      (m) => {
        m.setup.troubleshooting[0].code = 'oops';
      },
      ['setup.troubleshooting[0].code: "oops" is not of the right form (^[A-Z][A-Z0-9_]*$).'],
    ],
    [
      'a link that is not https',
      (m) => {
        m.vendor.url = 'http://acme.example';
      },
      ['vendor.url: "http://acme.example" is not of the right form (^https://).'],
    ],
    [
      'a script as a link',
      (m) => {
        m.setup.nextSteps[0].link = 'javascript:alert(1)';
      },
      ['setup.nextSteps[0].link: "javascript:alert(1)" is not of the right form (^https://).'],
    ],
    [
      'an icon that is no image',
      (m) => {
        m.icon = 'data:text/html;base64,AAAA';
      },
      [expect.stringContaining('icon: ') as unknown as string],
    ],
    [
      'a value of visibleWhen that is neither text nor boolean',
      (m) => {
        fieldOf(m, 'depth').visibleWhen.in = [1];
      },
      [
        expect.stringContaining('config.fields[5].visibleWhen.in[0]: This must be a text') as unknown as string,
        expect.stringContaining('true or false') as unknown as string,
        expect.stringContaining('a text or true or false') as unknown as string,
      ],
    ],
    ['something that is no manifest at all', () => undefined, []],
  ];
  test.each(cases)('%s', (_name, change, expected) => {
    expect(issuesAfter(change)).toEqual(expected);
  });

  test.each([[null], [undefined], [7], ['{}'], [[]], [() => 1], [new Date()], [new Map()], [Symbol('x')]])(
    '%p is no manifest',
    (value) => {
      const parsed = parseManifest(value);
      expect(parsed.ok).toBe(false);
    },
  );
});

describe('the parts of a manifest must agree', () => {
  const cases: [string, (manifest: Broken) => void, string][] = [
    [
      'field keys are unique',
      (m) => {
        fieldOf(m, 'account').key = 'apiToken';
      },
      'config.fields[1].key: config.fields[0] has the same key already (`apiToken`).',
    ],
    [
      'group ids are unique',
      (m) => {
        m.config.groups[1].id = 'main';
      },
      'config.groups[1].id: config.groups[0] has the same id already (`main`).',
    ],
    [
      'orders are unique within a group',
      (m) => {
        m.config.fields[1].order = 0;
      },
      'config.fields[1].order: config.fields[0] has the same order already (`main 0`).',
    ],
    [
      'permission ids are unique',
      (m) => {
        m.permissions.push(m.permissions[0]);
      },
      'permissions[1].id: permissions[0] has the same id already (`read`).',
    ],
    [
      'identity kinds are unique',
      (m) => {
        m.identities.kinds.push(m.identities.kinds[0]);
      },
      'identities.kinds[1].kind: identities.kinds[0] has the same kind already (`email`).',
    ],
    [
      'rate ids are unique',
      (m) => {
        m.limits.rate.push(m.limits.rate[0]);
      },
      'limits.rate[1].id: limits.rate[0] has the same id already (`api`).',
    ],
    [
      'what a rate does besides, the manifest asks for',
      (m) => {
        m.limits.rate.push({ id: 'people', label: 'People', requests: 1, perSeconds: 1, within: 'api' });
      },
      'limits.rate[1]: This is the feature `finer-rates`, which contract.features does not ask for.',
    ],
    [
      'a rate counts within one that there is',
      (m) => {
        m.contract.features = ['finer-rates'];
        m.limits.rate[0].within = 'account';
      },
      'limits.rate[0].within: There is no rate `account`.',
    ],
    [
      'a rate does not count within itself',
      (m) => {
        m.contract.features = ['finer-rates'];
        m.limits.rate[0].within = 'api';
      },
      'limits.rate[0].within: `api` is this rate itself.',
    ],
    [
      'a rate counts within one other',
      (m) => {
        m.contract.features = ['finer-rates'];
        m.limits.rate.push({ id: 'people', label: 'People', requests: 1, perSeconds: 1, within: 'api' });
        m.limits.rate.push({ id: 'deleting', label: 'Deleting', requests: 1, perSeconds: 1, within: 'people' });
      },
      'limits.rate[2].within: `people` counts within another one itself.',
    ],
    [
      'a window is counted by one side',
      (m) => {
        m.contract.features = ['finer-rates'];
        const byHeader = { remaining: 'x-left', reset: 'x-reset', resetIs: 'seconds' };
        Object.assign(m.limits.rate[0], { spread: 'window', byHeader });
      },
      'limits.rate[0].spread: The answers say when a window ends (byHeader), so that it cannot be counted here as well.',
    ],
    [
      'headers have the names that answers have',
      (m) => {
        m.contract.features = ['finer-rates'];
        m.limits.rate[0].byHeader = { remaining: 'X-Left', reset: 'x-reset', resetIs: 'seconds' };
      },
      'limits.rate[0].byHeader.remaining: "X-Left" is not of the right form (^[a-z0-9-]+$).',
    ],
    [
      'a field that picks the region, the manifest asks for',
      (m) => {
        m.regionField = 'mode';
        m.regions = ['one', 'two'].map((id) => ({ ...m.regions[0], id }));
      },
      'regionField: This is the feature `chosen-region`, which contract.features does not ask for.',
    ],
    [
      'the field that picks the region is always there',
      (m) => {
        m.contract.features = ['chosen-region'];
        m.regionField = 'account';
      },
      'regionField: There is no required choice field `account` that is always shown.',
    ],
    [
      'the field that picks the region offers the regions',
      (m) => {
        m.contract.features = ['chosen-region'];
        m.regionField = 'mode';
      },
      'regionField: The field `mode` offers other values than there are regions: one, two.',
    ],
    [
      'region ids are unique',
      (m) => {
        m.regions.push(m.regions[0]);
      },
      'regions[1].id: regions[0] has the same id already (`us`).',
    ],
    [
      'step ids are unique',
      (m) => {
        m.setup.steps.push({ id: 'enter', title: 'x', body: 'x' });
      },
      'setup.steps[1].id: setup.steps[0] has the same id already (`enter`).',
    ],
    [
      'troubleshooting codes are unique',
      (m) => {
        m.setup.troubleshooting.push(m.setup.troubleshooting[0]);
      },
      'setup.troubleshooting[1].code: setup.troubleshooting[0] has the same code already (`UNAUTHENTICATED`).',
    ],
    [
      'choice values are unique',
      (m) => {
        fieldOf(m, 'mode').choices[1].value = 'one';
        fieldOf(m, 'folder').visibleWhen.in = ['one'];
      },
      'config.fields[2].choices[1].value: choices[0] has the same value already (`one`).',
    ],
    [
      'a field names a group that exists',
      (m) => {
        m.config.fields[0].group = 'other';
      },
      'config.fields[0].group: There is no group `other`.',
    ],
    [
      'a key is not one that every object has',
      (m) => {
        m.config.fields[1].key = 'constructor';
        m.setup.steps[0].fields[1] = 'constructor';
      },
      'config.fields[1].key: `constructor` is a name that every JavaScript object has.',
    ],
    [
      'a key like a credential is a secret',
      (m) => {
        m.config.fields[1].key = 'clientSecret';
        m.setup.steps[0].fields[1] = 'clientSecret';
      },
      'config.fields[1].kind: `clientSecret` reads like a credential, but is not of kind secret.',
    ],
    [
      'a default is one of the choices',
      (m) => {
        fieldOf(m, 'mode').default = 'three';
      },
      'config.fields[2].default: The default `three` is not one of the choices.',
    ],
    [
      'a default text is one the field takes',
      (m) => {
        fieldOf(m, 'account').default = ' x';
      },
      'config.fields[1].default: The default is not a value the field takes. This begins or ends with white space.',
    ],
    [
      'an example is one the field takes',
      (m) => {
        fieldOf(m, 'baseUrl').example = 'ftp://x';
      },
      'config.fields[7].example: The example is not a value the field takes. This is not an http or https address.',
    ],
    [
      'a default number is in range',
      (m) => {
        fieldOf(m, 'depth').default = 10;
      },
      'config.fields[5].default: The default is out of range.',
    ],
    [
      'minimum is not above maximum',
      (m) => {
        fieldOf(m, 'depth').minimum = 10;
      },
      'config.fields[5].minimum: minimum is above maximum.',
    ],
    [
      'minLength is not above maxLength',
      (m) => {
        m.config.fields[0].minLength = 41;
      },
      'config.fields[0].minLength: minLength is above maxLength.',
    ],
    [
      'a pattern compiles',
      (m) => {
        m.config.fields[0].pattern = '(a';
      },
      'config.fields[0].pattern: The pattern cannot be used: it is not a regular expression (ECMAScript, Unicode mode).',
    ],
    [
      'a pattern cannot hang the host',
      (m) => {
        m.config.fields[0].pattern = '^(a+)+$';
      },
      'config.fields[0].pattern: The pattern cannot be used: it repeats a group that itself repeats or has alternatives.',
    ],
    [
      'visibleWhen names a field',
      (m) => {
        fieldOf(m, 'depth').visibleWhen.field = 'other';
      },
      'config.fields[5].visibleWhen.field: There is no field `other`.',
    ],
    [
      'visibleWhen names a choice or toggle',
      (m) => {
        fieldOf(m, 'depth').visibleWhen.field = 'account';
      },
      'config.fields[5].visibleWhen.field: `account` is a string field.',
    ],
    [
      'visibleWhen names values the field can have',
      (m) => {
        fieldOf(m, 'folder').visibleWhen.in = ['three'];
      },
      'config.fields[6].visibleWhen.in: `mode` never has the value "three".',
    ],
    [
      'visibleWhen of a toggle holds booleans',
      (m) => {
        fieldOf(m, 'depth').visibleWhen.in = ['true'];
      },
      'config.fields[5].visibleWhen.in: `extras` never has the value "true".',
    ],
    [
      'visibleWhen makes no circle',
      (m) => {
        fieldOf(m, 'mode').visibleWhen = { field: 'extras', in: [true] };
        fieldOf(m, 'extras').visibleWhen = { field: 'mode', in: ['one'] };
      },
      'config.fields[2].visibleWhen.field: The fields hang on each other in a circle, so that none can ever be seen.',
    ],
    [
      'a group of the quota hangs on a choice or toggle',
      (m) => {
        m.limits.quota.groups = [{ id: 'all', label: 'All', field: 'account', in: ['x'] }];
      },
      'limits.quota.groups[0].field: `account` is a string field.',
    ],
    [
      'a group of the quota names values the field can have',
      (m) => {
        m.limits.quota.groups = [{ id: 'all', label: 'All', field: 'mode', in: ['one', 'never'] }];
      },
      'limits.quota.groups[0].in: `mode` never has the value "never".',
    ],
    [
      'groups of the quota have names of their own',
      (m) => {
        m.limits.quota.groups = ['one', 'two'].map((value) => ({ id: 'g', label: 'G', field: 'mode', in: [value] }));
      },
      'limits.quota.groups[1].id: limits.quota.groups[0] has the same id already (`g`).',
    ],
    [
      'a step names fields that exist',
      (m) => {
        m.setup.steps[0].fields.push('other');
      },
      'setup.steps[0].fields[7]: There is no field `other` that holds a value.',
    ],
    [
      'every field is in a step or advanced',
      (m) => {
        m.setup.steps[0].fields.shift();
      },
      'config.fields[0]: No set-up step tells a person about `apiToken`.',
    ],
    [
      'completion names a choice field',
      (m) => {
        m.deletion.completion = { field: 'account', choices: ['complete-on-submit'], default: 'complete-on-submit' };
      },
      'deletion.completion.field: There is no choice field `account`.',
    ],
    [
      'completion and its field offer the same values',
      (m) => {
        m.deletion.completion = { field: 'mode', choices: ['complete-on-submit'], default: 'complete-on-submit' };
      },
      'deletion.completion.choices: The field `mode` offers other values: one, two.',
    ],
    [
      'completion and its field have one default',
      (m) => {
        m.deletion.completion = { field: 'mode', choices: ['complete-on-submit'], default: 'complete-on-submit' };
      },
      'deletion.completion.default: The field `mode` has another default.',
    ],
    [
      'the default of completion is one of its choices',
      (m) => {
        m.deletion.completion = { field: 'mode', choices: ['complete-on-submit'], default: 'wait-for-completion' };
      },
      'deletion.completion.default: The default is not one of the choices.',
    ],
    [
      'waiting needs a status that can be asked for',
      (m) => {
        m.deletion.statusPollable = false;
        m.deletion.completion = { field: 'mode', choices: ['wait-for-completion'], default: 'wait-for-completion' };
      },
      'deletion.completion.choices: Nobody can wait for a completion that cannot be asked about (statusPollable is false).',
    ],
    [
      'permissions name capabilities that exist',
      (m) => {
        m.permissions[0].capabilities = ['system-detection'];
        delete m.systemDetection;
        m.products = ['request-manager'];
      },
      'permissions[0].capabilities[0]: The connector has no capability `system-detection`.',
    ],
    [
      'a product is served by something',
      (m) => {
        delete m.systemDetection;
      },
      'products[1]: Nothing in the manifest serves `live-data-map`.',
    ],
    [
      'no more kinds are needed than there are',
      (m) => {
        m.identities.atLeast = 2;
      },
      'identities.atLeast: A person would need more kinds of identifier than there are.',
    ],
    [
      'a kind equals what the vendor knows people by on a condition that can be met',
      (m) => {
        m.identities.kinds = [
          { ...m.identities.kinds[0], equalsKnownByWhen: { field: 'extras', in: ['yes'] } },
          { ...m.identities.kinds[0], kind: 'user_id', knownBy: true },
        ];
      },
      'identities.kinds[0].equalsKnownByWhen.in: `extras` never has the value "yes".',
    ],
    [
      'a kind is sent on a condition that can be met',
      (m) => {
        m.identities.kinds[0].sentWhen = { field: 'nothing', in: [true] };
      },
      'identities.kinds[0].sentWhen.field: There is no field `nothing`.',
    ],
    [
      'a kind equals another one, by which the vendor knows people',
      (m) => {
        m.identities.kinds[0].equalsKnownByWhen = { field: 'extras', in: [true] };
      },
      'identities.kinds[0].equalsKnownByWhen: No kind is `knownBy`.',
    ],
    [
      'what the vendor knows people by needs no condition',
      (m) => {
        Object.assign(m.identities.kinds[0], { knownBy: true, equalsKnownByWhen: { field: 'extras', in: [true] } });
      },
      'identities.kinds[0].equalsKnownByWhen: The vendor knows people by this kind anyway.',
    ],
    [
      'the identifiers that a person needs fit into an operation',
      (m) => {
        m.identities.kinds = [m.identities.kinds[0], { ...m.identities.kinds[0], kind: 'phone' }];
        m.identities.atLeast = 2;
        m.deletion.batch.maxIdentifiers = 1;
      },
      'deletion.batch.maxIdentifiers: A person needs 2 identifiers, which fit into no operation.',
    ],
    [
      'the required identifiers of a person fit into an operation',
      (m) => {
        const kind = { ...m.identities.kinds[0], required: true };
        m.identities.kinds = [kind, { ...kind, kind: 'phone' }];
        m.deletion.batch.maxIdentifiers = 1;
      },
      'deletion.batch.maxIdentifiers: A person needs 2 identifiers, which fit into no operation.',
    ],
    [
      'records are kept until the vendor means to be done',
      (m) => {
        m.deletion.recordKeptDays = 29;
      },
      'deletion.recordKeptDays: The vendor would forget a deletion before it means to be done with it.',
    ],
    [
      'allowed hosts are written as addresses name them',
      (m) => {
        m.network.allowedHosts = ['api.acme.example', 'files.acme.example:443'];
      },
      'network.allowedHosts[1]: The port 443 goes without saying for https.',
    ],
    [
      'base URLs lead to allowed hosts',
      (m) => {
        m.network.allowedHosts = ['other.example'];
      },
      'regions[0].baseUrls.public: The host `api.acme.example` is not in network.allowedHosts.',
    ],
    [
      'a field that brings a host exists',
      (m) => {
        m.network.fromFields = ['server'];
      },
      'network.fromFields[0]: There is no field `server`.',
    ],
    [
      'a field that brings a host holds an address',
      (m) => {
        m.network.fromFields = ['account'];
      },
      'network.fromFields[0]: The field `account` is no string of format uri.',
    ],
    [
      'a field that the operator has to allow does not allow itself',
      (m) => {
        m.network.fromFields = ['baseUrl'];
      },
      'network.fromFields[0]: The field `baseUrl` exists only where the operator allows other endpoints.',
    ],
    [
      'a field that brings a host is named once',
      (m) => {
        m.network.fromFields = ['baseUrl', { field: 'baseUrl', hosts: ['*.acme.example'] }];
      },
      'network.fromFields[1].field: network.fromFields[0] has the same field already (`baseUrl`).',
    ],
    [
      'a star stands for the customers of one vendor',
      (m) => {
        m.network.fromFields = [{ field: 'baseUrl', hosts: ['*.acme.example', '*.com'] }];
      },
      'network.fromFields[0].hosts[1]: `*.com` would let the hosts of everybody count.',
    ],
    [
      'a star stands at the beginning',
      (m) => {
        m.network.fromFields = [{ field: 'baseUrl', hosts: ['api.*.example'] }];
      },
      'network.fromFields[0].hosts[0]: "api.*.example" is not of the right form (^(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$).',
    ],
    [
      'a star is for addresses that a person enters',
      (m) => {
        m.network.allowedHosts = ['*.acme.example'];
      },
      'network.allowedHosts[0]: "*.acme.example" is not of the right form (^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$).',
    ],
    [
      'a field that brings a host is a key, or comes with its hosts',
      (m) => {
        m.network.fromFields = [7];
      },
      'network.fromFields[0]: This must be a text or an object.',
    ],
    [
      'base URLs hold no credentials',
      (m) => {
        m.regions[0].baseUrls.public = 'https://me:pw@api.acme.example';
      },
      'regions[0].baseUrls.public: A base URL holds nothing but scheme, host and path.',
    ],
    [
      'the version is semver',
      (m) => {
        m.version = 'v1';
      },
      'version: This is not a semver version.',
    ],
    [
      'the contract range is semver',
      (m) => {
        m.contract.range = 'one and up';
      },
      'contract.range: This is not a semver range.',
    ],
    [
      'the icon lies in the package',
      (m) => {
        m.icon = './a/../../x.svg';
      },
      'icon: The icon lies outside the package.',
    ],
  ];
  test.each(cases)('%s', (_name, change, expected) => {
    expect(issuesAfter(change)).toContain(expected);
  });

  test('every issue says what to do', () => {
    for (const [, change] of cases) {
      const manifest: Broken = structuredClone(sampleManifest());
      change(manifest);
      const parsed = parseManifest(manifest);
      expect(parsed.ok).toBe(false);
      if (!parsed.ok) for (const issue of parsed.issues) expect(issue.remedy.length).toBeGreaterThan(5);
    }
  });

  test('harmless keys that contain such a word are left alone', () => {
    const fields = inOrder(
      ['tokenUrl', 'keyId', 'monkey', 'workspaceName'].map((key) => sampleField('string', { key })),
    );
    expect(parseManifest(sampleManifest(fields)).ok).toBe(true);
  });
});
