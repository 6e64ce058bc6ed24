/** The results as a file for people, one for programs, and a chart. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from './chart.mjs';

const place = (name) => new URL(name, import.meta.url);

/** What was measured before, or nothing. */
export function readResults() {
  try {
    return JSON.parse(readFileSync(place('results.json'), 'utf8'));
  } catch {
    return { lines: [] };
  }
}

function plain(value) {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return Math.round(value).toLocaleString('en-US');
}

/** A figure with its spread. */
export function shown({ median, least, most, repeats }) {
  return repeats > 1 && least !== most ? `${plain(median)} (${plain(least)} to ${plain(most)})` : plain(median);
}

function verdict({ goal, ratio, noGoal }) {
  if (noGoal === true || (goal.least === undefined && goal.most === undefined)) return '';
  const met = goal.least === undefined ? ratio.median <= goal.most : ratio.median >= goal.least;
  return met ? 'met' : 'missed';
}

function goalText({ name, least, most }) {
  if (least !== undefined) return `${name}: at least ${plain(least)}`;
  return most === undefined ? name : `${name}: at most ${plain(most)}`;
}

function table(lines) {
  return [
    `Ratio: ${goalText(lines[0].goal)}.`,
    '',
    '| what | size | ratio | goal |',
    '|---|---:|---:|---|',
    ...lines.map(
      (line) => `| ${line.what} | ${line.size.toLocaleString('en-US')} | ${shown(line.ratio)} | ${verdict(line)} |`,
    ),
    '',
  ];
}

function section(lines) {
  const [{ number, title }] = lines;
  const figures = lines.flatMap((line) =>
    Object.entries(line.figures).map(
      ([name, figure]) => `| ${line.what}, ${line.size.toLocaleString('en-US')} | ${name} | ${shown(figure)} |`,
    ),
  );
  const goals = [...new Set(lines.map(({ goal }) => goalText(goal)))];
  return [
    `## ${number}. ${title}`,
    '',
    ...goals.flatMap((text) => table(lines.filter(({ goal }) => goalText(goal) === text))),
    '| | figure | |',
    '|---|---|---:|',
    ...figures,
  ].join('\n');
}

const same = (one) => (other) => one.number === other.number && one.size === other.size && one.what === other.what;

/** Cases and sizes of which the results have nothing. */
function missing(cases, lines) {
  return cases.flatMap(({ number, title, sizes }) => {
    const open = sizes.filter((size) => !lines.some((one) => one.number === number && one.size === size));
    return open.length === 0
      ? []
      : [`${number}. ${title} (${open.map((size) => size.toLocaleString('en-US')).join('; ')})`];
  });
}

/** Writes the three files. Lines that were not measured now are kept from `before`. */
export function writeResults(machine, found, before, cases) {
  const kept = before.lines.filter((one) => !found.some(same(one)));
  const lines = [...kept, ...found].sort(
    (a, b) => a.number - b.number || (a.what < b.what ? -1 : a.what > b.what ? 1 : a.size - b.size),
  );
  const numbers = [...new Set(lines.map(({ number }) => number))];
  const { processor, cores, memoryGb, platform, node, versions } = machine;
  const loads = lines.map(({ taken }) => taken?.[0] ?? 0);
  const open = missing(cases, lines);
  const head = [
    '# Results',
    '',
    'Written by `npm run bench`. What a figure is compared with was measured in the same run, in turn with it; a figure of several repeats is the',
    'median, with the least and the most. Sizes of a million are measured once.',
    '',
    `Machine: ${processor}, ${cores} cores, ${memoryGb} GB, ${platform}, Node.js ${node}. ` +
      `Versions: ${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}.`,
    `Other work on the machine while measuring: load averages from ${plain(Math.min(...loads))} to ${plain(Math.max(...loads))} on ${cores} cores. It slows ratios down as well where our side needs more processes than the other.`,
    '',
    ...(open.length === 0 ? [] : [`Not measured here: ${open.join(', ')}.`, '']),
    '![Ratios against their goals](results.svg)',
    '',
  ].join('\n');
  const text = numbers.map((number) => section(lines.filter((line) => line.number === number))).join('\n\n');
  writeFileSync(place('RESULTS.md'), `${head}\n${text}\n`);
  writeFileSync(place('results.json'), `${JSON.stringify({ machine, lines }, undefined, 1)}\n`);
  writeFileSync(place('results.svg'), chart(lines));
}
