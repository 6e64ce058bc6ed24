/** What was checked about each installed connector, step by step, for whoever wants to know why one is refused. */
import {
  CONTRACT_VERSION,
  type ConnectorManifest,
  contractFeatures,
  inRange,
  missingFeatures,
} from 'connector-contract';
import type { RefusalCode } from 'connector-contract/loading';
import { given } from '../given.js';
import type { Finding } from './finding.js';

/** The steps from a package to a connector that can be used, in their order, with the refusals that each may end in. */
export const steps = [
  {
    step: 'package',
    title: 'The package.json has the keyword and names the manifests',
    codes: ['PACKAGE_UNREADABLE', 'KEYWORD_MISSING', 'MANIFEST_NOT_DECLARED'],
  },
  {
    step: 'manifest',
    title: 'The manifest is in the package and keeps to the schema',
    codes: ['MANIFEST_OUTSIDE_PACKAGE', 'MANIFEST_MISSING', 'MANIFEST_UNREADABLE', 'MANIFEST_INVALID'],
  },
  {
    step: 'contract',
    title: 'It was built for the contract of this host, and needs no feature that this host lacks',
    codes: ['CONTRACT_MISMATCH', 'FEATURE_NOT_OFFERED'],
  },
  { step: 'version', title: 'Manifest and package have the same version', codes: ['VERSION_MISMATCH'] },
  {
    step: 'lock',
    title: 'Where the project has a lock, the package is as it was locked',
    codes: ['CHANGED_SINCE_LOCK'],
  },
  {
    step: 'unique',
    title: 'No other package has its id, and it is the highest usable version',
    codes: ['DUPLICATE_ID'],
  },
  {
    step: 'entry',
    title: 'The package exports the module, and its file is there',
    codes: ['ENTRY_NOT_EXPORTED', 'ENTRY_MISSING', 'ENTRY_OUTSIDE_PACKAGE'],
  },
  {
    step: 'wall',
    title: 'Where a wall is required, there is one',
    codes: ['WALL_REQUIRED'],
  },
  {
    step: 'import',
    title: 'The module is imported in a process of its own',
    codes: ['IMPORT_FAILED', 'IMPORT_TIMEOUT', 'PROCESS_ENDED', 'EXPORT_MISSING', 'EXPORT_NOT_A_MODULE'],
  },
  {
    step: 'binding',
    title: 'It binds what the manifest declares, with every method',
    codes: [
      'MODULE_FAILED',
      'CONNECTOR_NOT_BOUND',
      'CAPABILITY_NOT_BOUND',
      'CAPABILITY_NOT_DECLARED',
      'CAPABILITY_INCOMPLETE',
    ],
  },
  {
    step: 'rehearsal',
    title: 'Calls that reach nothing read the fields of the manifest and ask for its hosts, and for no others',
    codes: ['FIELD_NOT_DECLARED', 'HOST_NOT_DECLARED'],
  },
  { step: 'running', title: 'Its process keeps running', codes: ['CRASHED_REPEATEDLY'] },
] as const satisfies readonly { step: string; title: string; codes: readonly RefusalCode[] }[];

/** How one step ended. */
export interface StepOutcome {
  readonly step: (typeof steps)[number]['step'];
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'not-reached';
}

/** Another installed version of the same connector. */
export interface OtherVersion {
  readonly version: string;
  readonly directory: string;
  readonly used: boolean;
}

/** All that is known of one connector, or of a package whose connectors could not be read. */
export interface Diagnosis {
  readonly package: { readonly name: string; readonly version: string; readonly directory: string };
  /** The manifest's path in the package. */
  readonly manifest?: string;
  readonly connector?: { readonly id: string; readonly version: string; readonly displayName: string };
  /** The contract that the connector asks for, and the one that this host speaks; the features of it that it needs, and those lacking. */
  readonly contract?: {
    readonly range: string;
    readonly host: string;
    readonly fits: boolean;
    readonly needs: readonly string[];
    readonly lacking: readonly string[];
  };
  /** What it offers, in short words of the manifest: `deletion`, `deletion.cancel`, `system-detection`. */
  readonly features: readonly string[];
  readonly others: readonly OtherVersion[];
  readonly steps: readonly StepOutcome[];
  readonly state: 'ready' | 'refused';
  readonly code?: RefusalCode;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Explains all findings. Pure. */
export function diagnose(findings: readonly Finding[], contractVersion = CONTRACT_VERSION): Diagnosis[] {
  return findings.map((finding) => {
    const { plugin, path, manifest, refusal } = finding;
    const { name, version, directory } = plugin;
    return {
      package: { name, version, directory },
      ...given({ manifest: path }),
      ...(manifest === undefined ? {} : identityOf(manifest, contractVersion)),
      features: manifest === undefined ? [] : featuresOf(manifest),
      others: othersOf(finding, findings),
      steps: stepsUntil(refusal?.code),
      state: refusal === undefined ? 'ready' : 'refused',
      ...(refusal === undefined ? {} : { code: refusal.code, reason: refusal.reason, remedy: refusal.remedy }),
    };
  });
}

/** What a connector offers beside being connected. */
function featuresOf({ deletion, systemDetection, access }: ConnectorManifest): string[] {
  const features = [`access.${access.type}`];
  if (deletion !== undefined) {
    features.push('deletion', `deletion.${deletion.type}`);
    if (deletion.cancellable) features.push('deletion.cancel');
    if (deletion.statusPollable) features.push('deletion.status');
    for (const choice of deletion.completion?.choices ?? []) features.push(`deletion.${choice}`);
  }
  if (systemDetection !== undefined) features.push('system-detection');
  return features;
}

function identityOf(manifest: ConnectorManifest, host: string): Pick<Diagnosis, 'connector' | 'contract'> {
  const { id, version, displayName, contract } = manifest;
  const fits = inRange(host, contract.range);
  const needs = contract.features ?? [];
  const lacking = missingFeatures(manifest, Object.keys(contractFeatures));
  return { connector: { id, version, displayName }, contract: { range: contract.range, host, fits, needs, lacking } };
}

function othersOf(finding: Finding, findings: readonly Finding[]): OtherVersion[] {
  const id = finding.manifest?.id;
  return findings.flatMap((other) =>
    other === finding || id === undefined || other.manifest?.id !== id
      ? []
      : [
          {
            version: other.manifest.version,
            directory: other.plugin.directory,
            used: other.refusal === undefined,
          },
        ],
  );
}

function stepsUntil(code: RefusalCode | undefined): StepOutcome[] {
  const failed = steps.findIndex(({ codes }) => (codes as readonly RefusalCode[]).includes(code as RefusalCode));
  return steps.map(({ step, title }, index) => ({
    step,
    title,
    outcome: failed === -1 || index < failed ? 'passed' : index === failed ? 'failed' : 'not-reached',
  }));
}
