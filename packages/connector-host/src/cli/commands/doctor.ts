import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Diagnosis } from '../../plugins/diagnosis.js';
import type { Isolated } from '../../plugins/isolation/wall/wall.js';
import { ExitCode } from '../exit.js';
import { Output } from '../output.js';
import { collect, demandFolders, settle } from '../shared.js';

interface Flags {
  readonly root?: readonly string[];
  readonly json?: boolean;
}

/** What the command finds, and prints with `--json`. */
interface Report {
  readonly roots: readonly string[];
  readonly host: { readonly contract: string; readonly features: readonly string[]; readonly node: string } & Isolated;
  readonly ready: number;
  readonly refused: number;
  readonly items: readonly Diagnosis[];
}

/** `connector-host connectors doctor`: goes through everything that makes a connector usable, without a running host. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('explain what was found, checked and refused, and what to do; needs no running host')
    .option(
      '--root <dir>',
      'folder of a project whose connectors are examined (repeatable; default: this one)',
      collect,
    )
    .option('--json', 'print JSON')
    .exitOverride()
    .action(async function (this: Command) {
      // Commander gives a flag that the command above has, too, to that one.
      const flags = this.optsWithGlobals<Flags>();
      const output = new Output(flags.json === true);
      await settle(output, async () => {
        const report = await examine((flags.root ?? ['.']).map((root) => resolve(root)));
        output.result(report, () => textOf(report));
        return report.refused > 0 || report.ready === 0 ? ExitCode.incomplete : ExitCode.ok;
      });
    });
}

async function examine(roots: readonly string[]): Promise<Report> {
  demandFolders(roots);
  // Loaded only here: most commands need none of it.
  const [{ CONTRACT_VERSION, contractFeatures }, { ConnectorRegistry }, { diagnose }, { openLog }] = await Promise.all([
    import('connector-contract'),
    import('../../plugins/registry.js'),
    import('../../plugins/diagnosis.js'),
    import('../../log.js'),
  ]);
  const registry = await ConnectorRegistry.load({ roots, rehearse: true, log: openLog({ level: 'silent' }) });
  try {
    const items = (await Promise.all(diagnose(registry.findings()).map(withPlace))).sort((a, b) =>
      nameOf(a).localeCompare(nameOf(b)),
    );
    const ready = items.filter(({ state }) => state === 'ready').length;
    const features = Object.keys(contractFeatures);
    const host = { contract: CONTRACT_VERSION, features, node: process.version, ...registry.isolated };
    return { roots, host, ready, refused: items.length - ready, items };
  } finally {
    await registry.close();
  }
}

/** Where the code of a connector is not JavaScript, Node does not say so to whoever imports it. */
async function withPlace(item: Diagnosis): Promise<Diagnosis> {
  if (item.code !== 'IMPORT_FAILED') return item;
  const { syntaxProblem } = await import('connector-contract/loading');
  const place = await syntaxProblem(item.package.directory);
  return place === undefined ? item : { ...item, reason: `${item.reason} ${place}` };
}

function textOf({ roots, host, ready, refused, items }: Report): string {
  const head = [
    `This host speaks contract ${host.contract} with ${host.features.join(', ')}, on Node ${host.node}.`,
    isolationLine(host),
    'Looked in these folders and their node_modules:',
    ...roots.map((root) => `  ${root}`),
  ].join('\n');
  if (items.length === 0) {
    return `${head}\n\nNo connector was found.\nWhat to do: install one (its package.json has the keyword "connector-plugin"), or name its project with --root.`;
  }
  return [head, ...items.map(blockOf), `${ready} ready, ${refused} refused.`].join('\n\n');
}

function isolationLine(isolated: Isolated): string {
  const line = `Isolation: ${isolated.isolation}.`;
  if (isolated.isolation !== 'fence') return line;
  return `${line} There is no wall: ${isolated.reason}. The fence holds mistakes; run connectors that you trust.`;
}

function blockOf(item: Diagnosis): string {
  const { package: from, manifest, contract, features, others, state, code, reason, remedy } = item;
  const named = from.name === from.directory ? '' : `${from.name} ${from.version}, `;
  const lines = [
    `${nameOf(item)}: ${state}`,
    ...(code === undefined ? [] : [`  ${code}: ${reason}`, `  What to do: ${remedy}`]),
    `  package   ${named}${from.directory}`,
    ...(manifest === undefined ? [] : [`  manifest  ${manifest}`]),
    ...(contract === undefined ? [] : [`  contract  ${contractLine(contract)}`]),
    ...(features.length === 0 ? [] : [`  offers    ${features.join(', ')}`]),
    ...others.map(
      (other) => `  beside    ${other.version} in ${other.directory}${other.used ? ', which is used' : ''}`,
    ),
    ...checkLines(item),
  ];
  return lines.join('\n');
}

/** How far it came: every check until the one that failed; where none did, only that there were so many. */
function checkLines({ state, steps }: Diagnosis): string[] {
  if (state === 'ready') return [`  checks    all ${steps.length} passed`];
  const reached = steps.filter(({ outcome }) => outcome !== 'not-reached');
  const left = steps.length - reached.length;
  return [
    '  checks',
    ...reached.map(({ title, outcome }) => `    ${outcome === 'failed' ? 'NO' : 'ok'}  ${title}`),
    ...(left === 0 ? [] : [`    --  ${left} more, not reached`]),
  ];
}

function contractLine({ range, needs, host }: NonNullable<Diagnosis['contract']>): string {
  const features = needs.length === 0 ? '' : ` with ${needs.join(', ')}`;
  return `asks for ${range}${features}; this host speaks ${host}`;
}

function nameOf({ connector, package: from }: Diagnosis): string {
  return connector === undefined ? from.name : `${connector.id} ${connector.version}`;
}
