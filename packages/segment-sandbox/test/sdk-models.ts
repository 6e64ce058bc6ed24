import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A field of a model. `type` is a model, `Array<...>`, a primitive, `any`, `object`, or the words it may hold. */
interface Field {
  readonly type: string | readonly string[];
  readonly optional: boolean;
  readonly nullable: boolean;
}

/** The models of one version of Segment's SDK. */
export interface Models {
  readonly version: string;
  fieldsOf(model: string): ReadonlyMap<string, Field> | undefined;
}

/** The newest SDK, which npm does not have: its shapes as they were recorded. */
export const newest: Models = {
  version: '73.2.0',
  fieldsOf: (model) => recorded.get(model),
};

const recorded: ReadonlyMap<string, ReadonlyMap<string, Field>> = new Map(
  readFileSync(new URL('./sdk-73.2.0.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [model = '', ...fields] = line.split(' ');
      return [model, new Map(fields.map(recordedField))] as const;
    }),
);

function recordedField(text: string): readonly [string, Field] {
  const [, name = '', optional, type = '', words, nullable] =
    /^([^:?]+)(\?)?:((?:\{([^}]+)\}|[^|]+))(\|null)?$/.exec(text) ?? [];
  return [
    name,
    { type: words?.split('|') ?? type, optional: optional !== undefined, nullable: nullable !== undefined },
  ];
}

type Enums = Readonly<Record<string, Readonly<Record<string, string>>>>;

const require = createRequire(import.meta.url);
const entry = require.resolve('@segment/public-api-sdk-typescript');
const sdk = require(entry) as Readonly<Record<string, unknown>>;
const known = new Map<string, ReadonlyMap<string, Field> | undefined>();

/** The SDK of npm. Which fields are optional and which may be null stands only in its declarations. */
export const npms: Models = {
  version: '47.0.0',
  fieldsOf: (model) => {
    if (!known.has(model)) known.set(model, declared(model));
    return known.get(model);
  },
};

function declared(model: string): ReadonlyMap<string, Field> | undefined {
  const file = join(dirname(entry), 'model', `${model.charAt(0).toLowerCase()}${model.slice(1)}.d.ts`);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const fields = new Map<string, Field>();
  for (const [, name = '', mark, written = ''] of text.matchAll(
    /^ {4}'?([\w$]+)'?(\?)?: ([^;{]+(?:\{[^}]*\})?[^;]*);$/gm,
  )) {
    const type = written.replace(/ ?\| null/, '').trim();
    const [owner = '', inner] = type.split('.');
    const words = inner === undefined ? undefined : Object.values((sdk[owner] as Enums)[inner] ?? {});
    fields.set(name, {
      type: words ?? (type.startsWith('{') ? 'object' : type),
      optional: mark === '?',
      nullable: written.includes('null'),
    });
  }
  return fields;
}

/** What a comparison lets pass. */
export interface Leniency {
  /** Places (`regulation.finishedAt`) where this version of the SDK and what Segment answers today disagree. */
  readonly exceptions?: readonly string[];
  /** A later version: a field that only it knows is none too many. */
  readonly later?: Models;
}

/**
 * Compares a body as it came over the wire with a model of an SDK: what the model requires is there, nothing is there that it
 * does not know, types agree, enums hold known words. Answers what is wrong, one line each.
 */
export function disagreements(body: unknown, model: string, models: Models = npms, leniency: Leniency = {}): string[] {
  return compare(body, model, '');

  function compare(value: unknown, type: Field['type'], at: string): string[] {
    if (typeof type !== 'string')
      return type.includes(String(value)) ? [] : [`${at} holds the unknown ${String(value)}`];
    if (type === 'any') return [];
    const item = /^Array<(.+)>$/.exec(type)?.[1];
    if (item !== undefined) {
      if (!Array.isArray(value)) return [`${at} must be an array`];
      return value.flatMap((each, position) => compare(each, item, `${at}[${position}]`));
    }
    if (type === 'object') return isObject(value) ? [] : [`${at} must be an object`];
    if (type === 'string' || type === 'number' || type === 'boolean')
      return typeof value === type ? [] : [`${at} must be a ${type}, not ${typeof value}`];
    return compareModel(value, type, at);
  }

  function compareModel(value: unknown, type: string, at: string): string[] {
    const fields = models.fieldsOf(type);
    if (!fields) return [`${at} is of the model ${type}, which version ${models.version} does not have`];
    if (!isObject(value)) return [`${at} must be an object`];
    const { exceptions = [], later } = leniency;
    const wrong = Object.keys(value)
      .filter((name) => !fields.has(name) && !later?.fieldsOf(type)?.has(name))
      .map((name) => `${at}.${name} is unknown to ${type}`);
    for (const [name, { type: fieldType, optional, nullable }] of fields) {
      const inner = value[name];
      const place = `${at}.${name}`;
      if (exceptions.some((exception) => place.replace(/\[\d+\]/g, '').endsWith(`.${exception}`))) continue;
      if (inner === undefined) {
        if (!optional) wrong.push(`${place} is required by ${type}`);
      } else if (inner === null) {
        if (!nullable && fieldType !== 'any') wrong.push(`${place} may not be null`);
      } else wrong.push(...compare(inner, fieldType, place));
    }
    return wrong;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
