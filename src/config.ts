import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { IsBoolean, IsIn, Matches, ValidateIf, type ValidationError, validateSync } from 'class-validator';
import type { FieldIssue, ValidationReport } from 'connector-contract';
import { Region } from './segment/endpoints.js';
import { RegulationType } from './segment/segment.js';

/** Which generation of the API to use; `auto` tries the token when the connection is checked. */
export const ApiChoice = { auto: 'auto', public: 'public', config: 'config' } as const;

/** One of {@link ApiChoice}. */
export type ApiChoice = (typeof ApiChoice)[keyof typeof ApiChoice];

/** When a deletion counts as complete. */
export const DeletionBehavior = {
  waitForCompletion: 'wait-for-completion',
  completeOnSubmit: 'complete-on-submit',
} as const;

/** One of {@link DeletionBehavior}. */
export type DeletionBehavior = (typeof DeletionBehavior)[keyof typeof DeletionBehavior];

/** Which identifiers of a person are sent. */
export const IdentifierKinds = { both: 'both', userId: 'user_id', email: 'email' } as const;

/** One of {@link IdentifierKinds}. */
export type IdentifierKinds = (typeof IdentifierKinds)[keyof typeof IdentifierKinds];

const oneOf = (label: string, values: Readonly<Record<string, string>>): PropertyDecorator =>
  IsIn(Object.values(values), {
    message: `${label} has a value that is not offered.`,
    context: { code: 'NOT_A_CHOICE', remedy: `Choose one of: ${Object.values(values).join(', ')}.` },
  });

const form = (pattern: RegExp, message: string, remedy: string): PropertyDecorator =>
  Matches(pattern, { message, context: { code: 'WRONG_FORM', remedy } });

const label = '(?:[A-Za-z0-9_-]+\\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const port = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
/** Scheme, host and port, perhaps with a slash. At most 255 characters, which also bounds the work of matching. */
const origin = new RegExp(`^(?=.{1,255}$)https?://(?:${label}|${octet}(?:\\.${octet}){3}|\\[::1\\])(?::${port})?/?$`);

/** A connection's configuration: the manifest's fields with the manifest's defaults. Holds the token: never log it. */
export class SegmentConfigDto {
  /** Secret. Visible ASCII only, since it travels in a header. */
  @form(
    /^[!-~]{1,4096}$/,
    'API Token holds spaces, line breaks or other characters that no token has, or is too long.',
    'Copy the token from Segment again and paste it alone, without "Bearer" and without spaces.',
  )
  apiToken!: string;

  /** The workspace's name, slug or id. Lengths count Unicode code points. */
  @form(
    /^(?=.{1,255}$)[^\s\p{Cc}](?:\P{Cc}*[^\s\p{Cc}])?$/su,
    'Workspace Name begins or ends with a space, has several lines, or is longer than 255 characters.',
    'Copy the Workspace Name from Workspace settings > General Settings, without spaces around it.',
  )
  workspaceName!: string;

  @oneOf('Asynchronous Deletion Behavior', DeletionBehavior)
  asyncDeletionBehavior: DeletionBehavior = DeletionBehavior.waitForCompletion;

  @oneOf('Region', Region)
  region: Region = Region.us;

  @oneOf('Segment API', ApiChoice)
  api: ApiChoice = ApiChoice.auto;

  @oneOf('Regulation Type', RegulationType)
  regulationType: RegulationType = RegulationType.suppressWithDelete;

  @oneOf('Identifiers to Send', IdentifierKinds)
  identifierKinds: IdentifierKinds = IdentifierKinds.both;

  @IsBoolean({
    message: 'Our user IDs are e-mail addresses is neither on nor off.',
    context: { code: 'WRONG_TYPE', remedy: 'Give true or false.' },
  })
  userIdsAreEmails: boolean = false;

  /** An origin to use in place of Segment's; only where the host allows other endpoints. */
  @ValidateIf((config: SegmentConfigDto) => config.baseUrl !== undefined)
  @form(
    origin,
    'API Base URL is not an address of the form http://host:port.',
    'Enter scheme, host and port, or leave the field out to use the real Segment.',
  )
  baseUrl?: string;
}

const fieldKeys: readonly string[] = [
  'apiToken',
  'workspaceName',
  'asyncDeletionBehavior',
  'region',
  'api',
  'regulationType',
  'identifierKinds',
  'userIdsAreEmails',
  'baseUrl',
] satisfies (keyof SegmentConfigDto)[];

/**
 * Judges a configuration as a person entered it: a missing choice has its default, unknown keys are refused.
 * Pure. No message holds a value, since one of them is the token.
 * @param raw anything.
 */
export function validateConfig(raw: unknown): ValidationReport {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const message = 'The configuration is not a set of fields.';
    return reportOf([{ field: '', code: 'WRONG_TYPE', message, remedy: 'Send an object with a key for each field.' }]);
  }
  const entries = Object.entries(raw);
  const known = entries.filter(([key]) => fieldKeys.includes(key)).map(([key, value]) => [key, single(value)]);
  const dto = plainToInstance(SegmentConfigDto, Object.fromEntries(known), { exposeDefaultValues: true });
  const errors = validateSync(dto, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  // Looked for here, since class-transformer drops some keys (`constructor`, `toString`) before anything could refuse them.
  const unknown = entries.map(([key]) => key).filter((key) => !fieldKeys.includes(key));
  return reportOf([...errors.map((error) => issueOf(error, dto)), ...unknown.slice(0, 20).map(unknownField)]);
}

/** Fields hold single values. Anything else is no value of any field, and must not be walked through. */
function single(value: unknown): unknown {
  return typeof value === 'object' || typeof value === 'function' ? null : value;
}

function issueOf({ property, constraints = {}, contexts = {} }: ValidationError, dto: SegmentConfigDto): FieldIssue {
  const [constraint = '', message = 'The value is not allowed.'] = Object.entries(constraints)[0] ?? [];
  const { code = 'WRONG_FORM', remedy = 'Correct it.' }: { code?: string; remedy?: string } =
    contexts[constraint] ?? {};
  const value: unknown = Reflect.get(dto, property);
  if (value === undefined) return { field: property, code: 'REQUIRED', message: 'A value is needed.', remedy };
  if (value === '') return { field: property, code: 'EMPTY', message: 'This is empty.', remedy };
  if (typeof value !== 'string' && code !== 'WRONG_TYPE') {
    return { field: property, code: 'WRONG_TYPE', message: 'This must be a text.', remedy: 'Give a text.' };
  }
  return { field: property, code, message, remedy };
}

function unknownField(key: string): FieldIssue {
  const field = key.length > 60 ? `${key.slice(0, 60)}...` : key;
  return {
    field,
    code: 'UNKNOWN_FIELD',
    message: 'There is no such field.',
    remedy: 'Remove it or correct its spelling.',
  };
}

function reportOf(issues: readonly FieldIssue[]): ValidationReport {
  return { valid: issues.length === 0, issues };
}
