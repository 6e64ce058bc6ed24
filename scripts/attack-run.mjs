// Runs every test that docs/threat-model.md names, the property tests in their long form, and prints what was tried, how often, and
// what got through. SECURITY_CASES sets the number of generated cases (default 100,000), SECURITY_SEED repeats a run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threats } from './threats.mjs';

const folder = mkdtempSync(join(tmpdir(), 'attack-run-'));
const [tally, report] = [join(folder, 'tally'), join(folder, 'report.json')];
const files = [...new Set(threats().flatMap(({ tests }) => tests.map(({ file }) => file)))];

const { status } = spawnSync(
  process.execPath,
  ['--no-warnings', 'node_modules/jest/bin/jest.js', '--runInBand', '--json', `--outputFile=${report}`, ...files],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { SECURITY_CASES: '100000', ...process.env, SECURITY_TALLY: tally },
  },
);

/** @type {{testResults: {name: string, assertionResults: {status: string, fullName: string}[]}[]}} */
const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
/** @type {{entrance: string, cases: number, through: number}[]} */
const tried = existsSync(tally)
  ? readFileSync(tally, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
rmSync(folder, { recursive: true });

console.log('\nGenerated input');
for (const { entrance, cases, through } of tried)
  console.log(`  ${String(cases).padStart(7)}  ${through} through  ${entrance}`);
const generated = tried.reduce((sum, { cases }) => sum + cases, 0);

console.log('\nThreats');
let got = tried.reduce((sum, { through }) => sum + through, 0);
for (const { threat, tests } of threats()) {
  const done = tests.flatMap(({ file, name }) =>
    testResults
      .filter((one) => one.name.endsWith(file))
      .flatMap(({ assertionResults }) =>
        assertionResults.filter(({ fullName }) => name === undefined || fullName.includes(name.replace(/%.*$/, ''))),
      ),
  );
  const through = done.filter((one) => one.status !== 'passed');
  got += through.length + (done.length === 0 ? 1 : 0);
  console.log(
    `  ${String(done.length).padStart(7)}  ${through.length} through  ${threat}${done.length === 0 ? ' (no test ran)' : ''}`,
  );
  for (const { fullName } of through) console.log(`           ${fullName}`);
}
const attacks = testResults.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0);
console.log(`\n${generated} generated cases and ${attacks} attacks; ${got === 0 ? 'nothing' : got} got through.`);
process.exitCode = got === 0 && status === 0 ? 0 : 1;
