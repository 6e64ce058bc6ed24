// What the packages bring along: lists the licence of every dependency, and fails on one that is not among those that ask for no more
// than a notice; writes an SBOM (CycloneDX) to sbom.json; asks the registry for known flaws. Dependencies of production first, those of
// building and testing apart: they are not installed with the packages.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { licences } from './licences.mjs';

const found = licences();
for (const production of [true, false]) {
  const group = found.filter((one) => one.production === production);
  const byLicence = grouped(group);
  console.log(`\n${production ? 'In production' : 'For building and testing only'}: ${group.length} packages`);
  for (const [licence, those] of [...byLicence].sort((a, b) => b[1].length - a[1].length)) {
    const names = those.length <= 5 || !those[0]?.accepted ? `: ${those.map(({ name }) => name).join(', ')}` : '';
    console.log(`  ${String(those.length).padStart(5)}  ${licence}${names}`);
  }
}
const refused = found.filter(({ production, accepted }) => production && !accepted);
for (const { name, licence } of refused) console.error(`${name}: ${licence} is not among the accepted licences.`);

const sbom = npm(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev']);
if (sbom.ok) {
  writeFileSync('sbom.json', sbom.out);
  console.log(`\nsbom.json lists ${JSON.parse(sbom.out).components.length} components.`);
} else console.error(`\nNo SBOM was written: ${sbom.out.split('\n')[0]}`);

const audit = npm(['audit', '--omit', 'dev', '--json']);
const report = parsed(audit.out);
const flaws = report?.metadata?.vulnerabilities.total;
if (flaws === undefined)
  console.error(
    'Whether there are known flaws is not known: the registry does not answer. Ask another one with npm_config_registry.',
  );
else console.log(`Known flaws: ${flaws}.`);
process.exitCode = refused.length > 0 || !sbom.ok || flaws !== 0 ? 1 : 0;

/** @param {string[]} args */
function npm(args) {
  try {
    return {
      ok: true,
      out: execFileSync('npm', args, {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    };
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{stdout?: string, stderr?: string}} */ (error);
    return { ok: false, out: stdout || stderr };
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @template {{licence: string}} T
 * @param {T[]} all
 * @returns {Map<string, T[]>}
 */
function grouped(all) {
  /** @type {Map<string, T[]>} */
  const map = new Map();
  for (const one of all) map.set(one.licence, [...(map.get(one.licence) ?? []), one]);
  return map;
}
