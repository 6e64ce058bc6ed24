import { deepEqual, ok } from 'node:assert/strict';
import { faultCodes } from '../../fault.js';
import { contractFeatures, missingFeatures } from '../../features.js';
import { inRange, manifestMarkdown, parseManifest } from '../../manifest/index.js';
import { CONTRACT_VERSION } from '../../version.js';
import { brokenAnchors } from '../anchors.js';
import type { Bench } from '../bench.js';
import { codeText } from '../code-text.js';
import type { RuleChecks } from './rule-check.js';

interface PackageJson {
  readonly version?: string;
  readonly keywords?: readonly string[];
  readonly connector?: { readonly manifests?: readonly string[] };
  readonly exports?: Readonly<Record<string, unknown>> | string;
}

/** The manifest, the package around it and the documentation. */
export const manifestRules: RuleChecks<'M'> = {
  async M1({ options }: Bench) {
    const parsed = parseManifest(options.manifest);
    ok(parsed.ok, parsed.ok ? '' : parsed.issues.map((i) => `${i.path}: ${i.message} ${i.remedy}`).join('\n'));
  },

  async M2({ options, manifest }: Bench) {
    ok(options.package, 'give `package` to the kit, or opt out with a reason');
    const { json, manifestPath } = options.package;
    const { version, keywords, connector, exports } = json as PackageJson;
    ok(version === manifest.version, `package.json has version ${version}, the manifest ${manifest.version}`);
    ok(keywords?.includes('connector-plugin'), 'package.json lacks the keyword connector-plugin');
    ok(connector?.manifests?.includes(manifestPath), `connector.manifests in package.json lacks ${manifestPath}`);
    const { module } = manifest.entry;
    const exported = typeof exports === 'string' ? module === '.' : exports !== undefined && module in exports;
    ok(exported, `package.json does not export ${module}, which the manifest names as its entry`);
    const { range } = manifest.contract;
    ok(inRange(CONTRACT_VERSION, range), `contract.range ${range} does not admit ${CONTRACT_VERSION}`);
  },

  async M3({ options, manifest }: Bench) {
    ok(options.documentation !== undefined, 'give `documentation` to the kit, or opt out with a reason');
    const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();
    const documentation = squeezed(options.documentation);
    const missing = manifestMarkdown(manifest)
      .split(/\n{2,}/)
      .filter((block) => !documentation.includes(squeezed(block)));
    ok(
      missing.length === 0,
      `the documentation lacks what manifestMarkdown makes:\n${missing.slice(0, 3).join('\n\n')}`,
    );
  },

  async M4({ options }: Bench) {
    ok(options.documentation !== undefined, 'give `documentation` to the kit, or opt out with a reason');
    deepEqual(brokenAnchors(options.documentation), [], 'the documentation points at anchors that it does not have');
  },

  async M5({ options, manifest }: Bench) {
    ok(options.entry !== undefined, 'give `entry` (the built module) to the kit, or opt out with a reason');
    const code = await codeText(options.entry);
    const own = manifest.setup.troubleshooting.map((entry) => entry.code).filter((one) => !(one in faultCodes));
    const unused = own.filter((one) => !code.includes(one));
    deepEqual(unused, [], 'the troubleshooting explains codes that are nowhere in the code');
  },

  async M6({ manifest }: Bench) {
    const unknown = missingFeatures(manifest);
    const known = Object.keys(contractFeatures).join(', ');
    ok(unknown.length === 0, `contract.features names ${unknown.join(', ')}; the contract knows ${known}`);
  },
};
