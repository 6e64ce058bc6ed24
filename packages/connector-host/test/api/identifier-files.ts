/** Files as spreadsheets, databases and programs write them, by what is wrong with them or with whom they name. */

/** An import file and what of it reaches the vendor. */
export interface IdentifierFile {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** Counts that its import answers. */
  readonly counts: Readonly<Partial<Record<'accepted' | 'rejected' | 'doubtful', number>>>;
  /** Codes of lines that are not taken, in the order of the file. */
  readonly codes?: readonly string[];
  /** Codes of what was mended. */
  readonly mended?: readonly string[];
}

const head = 'request_id,email,user_id\n';
const ids = (...values: readonly string[]) =>
  head + values.map((value, at) => `f${at + 1},,"${value.replaceAll('"', '""')}"\n`).join('');
const emails = (...values: readonly string[]) =>
  head + values.map((value, at) => `f${at + 1},"${value.replaceAll('"', '""')}",\n`).join('');
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

const placeholders = [
  'NULL', 'undefined', 'nan', 'None', '#N/A', '[object Object]', '\\N', '(null)', '<null>', 'nil', 'N/A', 'unknown', 'anonymous', 'guest',
  'test', 'user_id', '{{user_id}}', 'keine Angabe', 'unbekannt', 'inconnu', 'desconocido', 'sconosciuto', 'desconhecido', 'onbekend', 'brak',
  'неизвестно', '不明', 'なし', 'k.A.', 's/o', 'unknown user',
]; // biome-ignore format: a list of words.

/** Files of which some lines, or all, name nobody. */
export const identifierFiles: readonly IdentifierFile[] = [
  {
    name: 'words for nothing and for anybody',
    bytes: ids(...placeholders),
    counts: { accepted: 0, rejected: 0, doubtful: placeholders.length },
    codes: times(placeholders.length, 'PLACEHOLDER'),
  },
  {
    name: 'words for nothing in place of an e-mail address',
    bytes: emails('n/a', '-', 'none@none.com', 'noemail@acme.com'),
    counts: { accepted: 0, rejected: 2, doubtful: 2 },
    codes: ['NOT_ONE_ADDRESS', 'NOT_ONE_ADDRESS', 'PLACEHOLDER', 'PLACEHOLDER'],
  },
  {
    name: 'zeros, minus one, one character alone',
    bytes: ids('0', '-1', '000', '00000000-0000-0000-0000-000000000000', 'xxxx', '1111', '-', '?'),
    counts: { accepted: 0, doubtful: 8 },
    codes: [
      'ZERO', 'NEGATIVE_NUMBER', 'ZERO', 'ZERO', 'SAME_CHARACTER', 'SAME_CHARACTER', 'NO_LETTER_OR_DIGIT', 'NO_LETTER_OR_DIGIT',
    ], // biome-ignore format: as the values above.
  },
  {
    name: 'what spreadsheets make of numbers, text and dates',
    bytes: ids(
      '#REF!',
      '#VALUE!',
      '#DIV/0!',
      '1.23457E+15',
      '1,23457E+15',
      '4.5E+11',
      '12345.0',
      '="00123"',
      '=00123',
      "=cmd|' /C calc'!A0",
      "'00123",
      '24-Jan',
      '31.01.2024',
      '123456789012345000',
    ),
    counts: { accepted: 0, doubtful: 14 },
    codes: [
      'SPREADSHEET_ERROR', 'PLACEHOLDER', 'SPREADSHEET_ERROR', 'EXPONENT', 'EXPONENT', 'EXPONENT', 'DECIMAL', 'FORMULA', 'FORMULA', 'FORMULA', 'QUOTED', 'DATE', 'DATE', 'ROUNDED',
    ], // biome-ignore format: as the values above.
  },
  {
    name: 'e-mail addresses with something around them',
    bytes: emails(
      'mailto:a@example.org',
      'Ann Example <b@example.org>',
      '<c@example.org>',
      'd@example.org;e@example.org',
      'notanemail',
      '[f@example.org](mailto:f@example.org)',
      'g@example.org.',
      'h@example.org, i@example.org',
      '“a@example.org”',
      'a%40example.org',
      'a＠example.org',
    ),
    counts: { accepted: 0, rejected: 11 },
    codes: times(11, 'NOT_ONE_ADDRESS'),
  },
  {
    name: 'e-mail addresses that could be, and are not',
    bytes: emails("'j@example.org", 'a%2Bb@example.org', 'a@b', '=a@example.org', 'mÃ¼ller@example.org'),
    counts: { accepted: 0, doubtful: 5 },
    codes: ['QUOTED', 'PERCENT_ENCODED', 'UNUSUAL_ADDRESS', 'FORMULA', 'MISREAD_CHARACTERS'],
  },
  {
    name: 'characters that nobody sees',
    bytes: `${head}f1,a@example.org\u200b,\nf2,\u200bb@example.org,\nf3,c@exam\u00adple.org,\nf4,,u4\u200b\nf5,\u202ae@example.org\u202c,\nf6,f@example.org\ufeff,\nf7,,u\u00017\nf8,,"u\n8"\nf9,,u\u20639\n`,
    counts: { accepted: 0, rejected: 9 },
    codes: [...times(6, 'INVISIBLE_CHARACTER'), ...times(2, 'CONTROL_CHARACTER'), 'INVISIBLE_CHARACTER'],
  },
  {
    name: 'e-mail addresses and telephone numbers as user ids, quoted and encoded ones',
    bytes: ids(
      'a@example.org',
      'Ann <a@example.org>',
      'mailto:a@example.org',
      '+49 1234 567',
      '"u1"',
      '«u1»',
      'a%20b',
      'a&amp;b',
      'ｕ１',
    ),
    counts: { accepted: 0, doubtful: 9 },
    codes: [
      'ADDRESS_AS_ID',
      'DRESSED_ADDRESS',
      'DRESSED_ADDRESS',
      'PHONE_NUMBER',
      'QUOTED',
      'QUOTED',
      'PERCENT_ENCODED',
      'HTML_ENCODED',
      'UNUSUAL_CHARACTERS',
    ],
  },
  {
    name: 'several user ids in one',
    bytes: ids('u-77;u-78', 'u-77,u-78', 'u-77, u-78', 'u-77|u-78', 'a@example.org;b@example.org', 'u-77;'),
    counts: { accepted: 0, doubtful: 6 },
    codes: [...times(4, 'SEVERAL_VALUES'), 'DRESSED_ADDRESS', 'SEVERAL_VALUES'],
  },
  {
    name: 'identifiers that look odd and are real',
    bytes: ids(
      '1',
      '42',
      'u-1',
      'cus_Nff',
      'auth0|5f7c',
      '@ann',
      '日本',
      'мария',
      'Ann Example',
      '550e8400-e29b-41d4-a716-446655440000',
      '123e4567',
      '+4912345678',
      '2023.0001',
      '10.0.0.1',
      '00123',
    ),
    counts: { accepted: 15, rejected: 0, doubtful: 0 },
  },
  {
    name: 'e-mail addresses that look odd and are real',
    bytes: emails(
      "o'brien@example.org",
      'a+b@example.co.uk',
      'a..b@docomo.example.jp',
      '用户@例子.公司',
      'info@example.museum',
      'test@acme.com',
    ),
    counts: { accepted: 6, rejected: 0, doubtful: 0 },
  },
];

const people = 'request_id,email,user_id\r\nf1,a@example.org,u-1\r\nf2,b@example.org,u-2\r\n';
const both = { accepted: 2, rejected: 0, doubtful: 0 };

/** Files that are written in an odd way, and say what they mean. */
export const mendedFiles: readonly IdentifierFile[] = [
  { name: 'a byte order mark', bytes: `\ufeff${people}`, counts: both, mended: ['BYTE_ORDER_MARK'] },
  {
    name: 'UTF-16, the lower byte first, tabs',
    bytes: Buffer.from(`\ufeff${people.replaceAll(',', '\t')}`, 'utf16le'),
    counts: both,
    mended: ['UTF_16', 'BYTE_ORDER_MARK', 'SEPARATOR'],
  },
  {
    name: 'UTF-16, the higher byte first',
    bytes: utf16be(people),
    counts: both,
    mended: ['UTF_16', 'BYTE_ORDER_MARK'],
  },
  { name: 'sep=;', bytes: `sep=;\r\n${people.replaceAll(',', ';')}`, counts: both, mended: ['SEPARATOR_LINE'] },
  { name: 'semicolons', bytes: people.replaceAll(',', ';'), counts: both, mended: ['SEPARATOR'] },
  { name: 'vertical bars', bytes: people.replaceAll(',', '|'), counts: both, mended: ['SEPARATOR'] },
  {
    name: 'white space around cells and names',
    bytes: 'request_id, email, user_id\nf1,a@example.org, u-1\nf2, "b@example.org" ,\u00a0\u3000u-2\t\n',
    counts: both,
    mended: ['WHITE_SPACE'],
  },
  { name: 'carriage returns alone', bytes: people.replaceAll('\n', ''), counts: both, mended: ['LINES_END_IN_CR'] },
  {
    name: 'two carriage returns and a line feed',
    bytes: people.replaceAll('\r\n', '\r\r\n'),
    counts: both,
    mended: ['LINES_END_IN_CR_CR_LF'],
  },
  {
    name: 'empty columns at the end',
    bytes: people.replaceAll('\r\n', ',,\r\n'),
    counts: both,
    mended: ['EMPTY_COLUMNS'],
  },
  {
    name: 'empty cells beyond the header',
    bytes: people.replace('u-2', 'u-2,,'),
    counts: both,
    mended: ['EMPTY_COLUMNS'],
  },
  ...['Request ID,E-Mail,User ID', 'requestId,Email,userId', 'REQUEST-ID,e_mail,USER_ID'].map((header) => ({
    name: `the header ${header}`,
    bytes: people.replace('request_id,email,user_id', header),
    counts: both,
    mended: ['COLUMN_NAMES'],
  })),
  {
    name: 'a quoted header',
    bytes: people.replace('request_id,email,user_id', '"request_id","email","user_id"'),
    counts: both,
    mended: [],
  },
];
