import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const entry = require.resolve('@segment/public-api-sdk-typescript');
const sdk = require(entry) as Record<string, unknown>;

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
}

interface Model {
  getAttributeTypeMap(): Attribute[];
}

/**
 * Compares a body as it came over the wire with a model of the SDK: what the model requires is there, nothing is there
 * that it does not know, types agree, enums hold known values. Answers what is wrong, one line each.
 * @param exceptions places (`regulation.finishedAt`) where documentation and SDK disagree
 */
export function disagreements(body: unknown, type: string, exceptions: readonly string[] = [], at = ''): string[] {
  if (type === 'any') return [];
  if (type.startsWith('{')) return typeof body === 'object' && body !== null ? [] : [`${at} must be an object`];
  const item = /^Array<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) {
    if (!Array.isArray(body)) return [`${at} must be an array`];
    return body.flatMap((value, position) => disagreements(value, item, exceptions, `${at}[${position}]`));
  }
  if (type === 'string' || type === 'number' || type === 'boolean')
    return typeof body === type ? [] : [`${at} must be a ${type}, not ${typeof body}`];
  const [owner = '', inner] = type.split('.');
  if (inner !== undefined) return enumDisagreement(body, owner, inner, at);
  return modelDisagreements(body, type, exceptions, at);
}

function enumDisagreement(value: unknown, owner: string, inner: string, at: string): string[] {
  const values = Object.values((sdk[owner] as Record<string, Record<string, unknown>>)[inner] ?? {});
  return values.includes(value) ? [] : [`${at} holds ${String(value)}, which the SDK does not know`];
}

function modelDisagreements(body: unknown, type: string, exceptions: readonly string[], at: string): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [`${at} must be an object`];
  const attributes = (sdk[type] as Model).getAttributeTypeMap();
  const rules = fieldRules(type);
  const wrong: string[] = [];
  for (const name of Object.keys(body)) {
    if (!attributes.some(({ baseName }) => baseName === name)) wrong.push(`${at}.${name} is unknown to ${type}`);
  }
  for (const { baseName, type: fieldType } of attributes) {
    const value = (body as Record<string, unknown>)[baseName];
    const place = `${at}.${baseName}`;
    const rule = rules.get(baseName);
    const excepted = exceptions.some((exception) => place.replace(/\[\d+\]/g, '').endsWith(`.${exception}`));
    if (value === undefined) {
      if (!rule?.optional && !excepted) wrong.push(`${place} is required by ${type}`);
    } else if (value === null) {
      if (!rule?.nullable && fieldType !== 'any') wrong.push(`${place} may not be null`);
    } else if (!excepted) wrong.push(...disagreements(value, fieldType, exceptions, place));
  }
  return wrong;
}

const known = new Map<string, Map<string, { optional: boolean; nullable: boolean }>>();

/** Which fields are optional and which may be null stands only in the SDK's declarations. */
function fieldRules(type: string): Map<string, { optional: boolean; nullable: boolean }> {
  const rules = known.get(type) ?? new Map<string, { optional: boolean; nullable: boolean }>();
  if (rules.size > 0) return rules;
  const file = join(dirname(entry), 'model', `${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`);
  for (const [, name = '', mark, declared = ''] of readFileSync(file, 'utf8').matchAll(
    /^ {4}'?([\w$]+)'?(\?)?: ([^;{]+(?:\{[^}]*\})?[^;]*);$/gm,
  ))
    rules.set(name, { optional: mark === '?', nullable: declared.includes('null') });
  known.set(type, rules);
  return rules;
}
