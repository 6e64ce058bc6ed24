import type { FieldIssue } from '../connector.js';
import type { IntegerField, SecretField, StringField } from './manifest.generated.js';
import type { ValueField } from './visibility.js';

/** Greatest number of characters of a text that sets no `maxLength`. */
export const LONGEST_TEXT = 4096;

/** Neither white space around the text nor control characters in it: both come from copying, and break a header or a path unseen. */
export const TIDY_TEXT =
  '^[^\\s\\u0000-\\u001f\\u007f-\\u009f](?:[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$';

const LABELS = '(?:[A-Za-z0-9_-]+\\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const PORT = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
const PATH = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*";

/** An http or https address of a named host or an IP address, without credentials, query and fragment. */
export const WEB_ADDRESS = `^https?://(?:${LABELS}|${OCTET}(?:\\.${OCTET}){3}|\\[::1\\])(?::${PORT})?(?:/${PATH})?$`;

/** What is wrong with a value, without saying which field it is of. */
export type ValueProblem = Omit<FieldIssue, 'field' | 'remedy'> & { readonly remedy: string };

const tidy = new RegExp(TIDY_TEXT, 'u');
const webAddress = new RegExp(WEB_ADDRESS, 'u');

/** What is wrong with a value of a field, or `undefined`. Messages never repeat the value: it may be a secret. */
export function valueProblem(field: ValueField, value: unknown): ValueProblem | undefined {
  switch (field.kind) {
    case 'secret':
    case 'string':
      return typeof value === 'string' ? textProblem(field, value) : wrongType('a text');
    case 'toggle':
      return typeof value === 'boolean' ? undefined : wrongType('true or false');
    case 'integer':
      return Number.isInteger(value) ? rangeProblem(field, value as number) : wrongType('a whole number');
    case 'choice': {
      const values = field.choices.map((choice) => choice.value);
      if (typeof value === 'string' && values.includes(value)) return undefined;
      return {
        code: 'NOT_A_CHOICE',
        message: 'This is not one of the choices.',
        remedy: `Use ${values.join(' or ')}.`,
      };
    }
  }
}

/** What is wrong with a text that a secret or string field is to hold, or `undefined`. Lengths count Unicode code points. */
export function textProblem(field: SecretField | StringField, value: string): ValueProblem | undefined {
  const { minLength = 1, maxLength = LONGEST_TEXT, pattern } = field;
  if (value === '') {
    return { code: 'EMPTY', message: 'This is empty.', remedy: field.required ? 'Enter a value.' : 'Leave it out.' };
  }
  // A text has at least half as many code points as units: what is far too long is not even counted.
  const length = value.length > 2 * maxLength ? value.length : [...value].length;
  if (length > maxLength) {
    return {
      code: 'TOO_LONG',
      message: `This has more than ${maxLength} characters.`,
      remedy: 'Check what was pasted.',
    };
  }
  if (value.trim() !== value) {
    return {
      code: 'WHITESPACE',
      message: 'This begins or ends with white space.',
      remedy: 'Remove the spaces or line breaks around it; they often come along when copying.',
    };
  }
  if (!tidy.test(value)) {
    return {
      code: 'CONTROL_CHARACTER',
      message: 'This contains a line break or another control character.',
      remedy: 'Enter it on one line.',
    };
  }
  if (length < minLength) {
    return { code: 'TOO_SHORT', message: `This has fewer than ${minLength} characters.`, remedy: 'Copy all of it.' };
  }
  if (field.kind === 'string' && field.format === 'uri' && !webAddress.test(value)) {
    return {
      code: 'NOT_A_URL',
      message: 'This is not an http or https address.',
      remedy: 'Write it like https://host.example/path, without credentials, query and fragment.',
    };
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    return { code: 'WRONG_FORM', message: 'This does not have the form that is expected here.', remedy: field.help };
  }
  return undefined;
}

function rangeProblem(field: IntegerField, value: number): ValueProblem | undefined {
  const { minimum = -Infinity, maximum = Infinity } = field;
  if (value >= minimum && value <= maximum) return undefined;
  const bound = value < minimum ? `at least ${minimum}` : `at most ${maximum}`;
  return { code: 'OUT_OF_RANGE', message: `This must be ${bound}.`, remedy: `Enter a number that is ${bound}.` };
}

function wrongType(wanted: string): ValueProblem {
  return { code: 'WRONG_TYPE', message: `This must be ${wanted}.`, remedy: `Give ${wanted}.` };
}
