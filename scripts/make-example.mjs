// Writes examples/subjects.csv: 10,000 made-up people and a few bad lines, always the same ones.
// Names are common given and family names put together at random; every address ends in a domain reserved for examples.
import { writeFileSync } from 'node:fs';

const given = [
  'Ada',
  'Björn',
  'Chloé',
  'Dmitri',
  'Elif',
  'Fátima',
  'Goran',
  'Hana',
  'Igor',
  'José',
  'Kübra',
  'Łukasz',
  'Mei',
  'Ngozi',
  'Øystein',
  'Priya',
  'Quynh',
  'Rania',
  'Søren',
  'Tomáš',
  'Uma',
  'Víctor',
  'Wen',
  'Ximena',
  'Yūki',
  'Zoë',
];
const family = [
  "O'Neil",
  'García',
  'Müller',
  'Nowak',
  'Sato',
  'Okafor',
  'Silva',
  'Yılmaz',
  'Petrov',
  'Nguyễn',
  'Andersen',
  'Rossi',
  'Dupont',
  'Haddad',
  'Kaya',
  'Novák',
  'Lindqvist',
  'Mbeki',
  'Singh',
  'Wang',
];
const domains = ['example.com', 'example.org', 'example.net', 'mail.example.com'];
const people = 10_000;

let state = 20261123;
/** @param {number} below */
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
/** @type {<T>(list: readonly T[]) => T} */
const pick = (list) => /** @type {any} */ (list[random(list.length)]);
/** @param {string} cell */
const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
/** @param {string[]} cells */
const line = (...cells) => cells.map(quoted).join(',');

const rows = [line('request_id', 'right', 'email', 'user_id', 'user_id.2')];
for (let n = 1; n <= people; n += 1) {
  const [first, last] = [pick(given), pick(family)];
  const plain = `${first}.${last}`
    .normalize('NFD')
    .replace(/[^a-zA-Z.]/g, '')
    .toLowerCase();
  const shape = random(100);
  const number = String(n).padStart(6, '0');
  const address =
    shape < 4
      ? `${plain}.o'${n}@example.com`
      : shape < 10
        ? `${plain}+shop${n}@example.com`
        : `${plain}${n}@${pick(domains)}`;
  const user = shape < 70 ? `u-${number}` : shape < 90 ? number : `${first} ${last} #${n}`;
  const second = shape % 10 === 0 ? `legacy|${number}` : '';
  rows.push(
    line(
      `dsr-${number}`,
      n % 7 === 0 ? '' : 'deletion',
      shape < 88 ? address : '',
      shape < 12 ? '' : user,
      shape < 12 ? '' : second,
    ),
  );
  if (n % 2500 === 0) rows.push(rows.at(-1) ?? ''); // the same person again: a duplicate, not an error
}
/** @type {(after: number, text: string) => void} */
const spoil = (after, text) => {
  rows.splice(after, 0, text);
};
spoil(1200, line('dsr-bad-nobody', 'deletion', '', '', ''));
spoil(3400, line('', 'deletion', 'no-id@example.com', '', ''));
spoil(5600, line('dsr-bad-right', 'forget', 'wrong-right@example.com', '', ''));
spoil(7800, 'dsr-bad-columns,deletion,a@example.com,b,c,d,e');
spoil(9000, line('dsr-000001', 'deletion', 'somebody-else@example.com', '', ''));
// An identifier that the demo's sandbox refuses: everybody else of its batch must go through.
spoil(9500, line('dsr-refused', 'deletion', '', 'refused-by-segment', ''));
writeFileSync(new URL('../examples/subjects.csv', import.meta.url), `${rows.join('\n')}\n`);
