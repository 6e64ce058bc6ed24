import type { ErrorObject } from 'ajv/dist/2020.js';
import { at, type ManifestIssue, shortened } from './issue.js';

/** Turns what the schema validator found into sentences for the manifest's author. Several findings about one place become one. */
export function schemaIssues(errors: readonly ErrorObject[], manifest: unknown): ManifestIssue[] {
  const issues = new Map<string, ManifestIssue>();
  for (const error of errors) {
    const issue = issueOf(error, manifest);
    if (issue !== undefined) issues.set(`${issue.path}\n${issue.message}`, issue);
  }
  return [...issues.values()];
}

function issueOf(error: ErrorObject, manifest: unknown): ManifestIssue | undefined {
  const parts = error.instancePath.split('/').slice(1).map(unescapePointer);
  const path = pathOf(parts, manifest);
  const params = error.params as Readonly<Record<string, unknown>>;
  const description = descriptionOf(error.parentSchema);
  const here = (message: string, remedy = description ?? 'Follow the manifest schema.'): ManifestIssue => ({
    path,
    message,
    remedy,
  });
  const limit = String(params['limit']);
  switch (error.keyword) {
    case 'required': {
      const name = String(params['missingProperty']);
      const what = descriptionOf(propertySchema(error.parentSchema, name));
      return {
        path: path === '' ? name : `${path}.${name}`,
        message: `\`${name}\` is missing.`,
        remedy: what === undefined ? 'Add it.' : `Add it: ${what}`,
      };
    }
    case 'additionalProperties': {
      const name = shortened(String(params['additionalProperty']));
      return {
        path: pathOf([...parts, String(params['additionalProperty'])], manifest),
        message: `\`${name}\` is not a known key here.`,
        remedy: `Remove it, begin it with \`x-\`, or use one of: ${knownKeys(error.parentSchema)}.`,
      };
    }
    case 'type':
      // Which of several forms was meant, nobody knows.
      if (/\/anyOf\/\d+\/type$/.test(error.schemaPath)) return undefined;
      return here(`This must be ${withArticle(String(params['type']))}, but is ${nameOf(error.data)}.`);
    case 'enum':
      return here(`This must be one of: ${(params['allowedValues'] as readonly unknown[]).join(', ')}.`);
    case 'const':
      return here(`This must be ${JSON.stringify(params['allowedValue'])}.`);
    case 'discriminator':
      return here(
        '`kind` is not a known kind of field.',
        'Use one of: secret, string, choice, toggle, integer, notice.',
      );
    case 'pattern':
      return here(`${quoted(error.data)} is not of the right form (${String(params['pattern'])}).`);
    case 'format':
      return here(`${quoted(error.data)} is not a valid ${String(params['format'])}.`, 'Write a full https address.');
    case 'minLength':
      return here(limit === '1' ? 'This must not be empty.' : `This needs at least ${limit} characters.`);
    case 'maxLength':
      return here(`This is longer than ${limit} characters.`, `Shorten it to ${limit} characters.`);
    case 'minItems':
      return here(`This needs at least ${limit} ${limit === '1' ? 'entry' : 'entries'}.`);
    case 'maxItems':
    case 'maxProperties':
      return here(`This has more than ${limit} entries.`, `Keep at most ${limit}.`);
    case 'minProperties':
      return here(`This needs at least ${limit} ${limit === '1' ? 'entry' : 'entries'}.`);
    case 'uniqueItems':
      return here('The same entry is in the list twice.', 'Remove the repeated entry.');
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return here(`This must be ${String(params['comparison'])} ${limit}.`);
    case 'propertyNames':
      return here(`\`${shortened(String(params['propertyName']))}\` is not a usable name here.`);
    case 'anyOf':
      return isEither(error.data) ? undefined : here('This must be a text or an object.');
    // Says nothing of its own: the errors within it are in the list too.
    case 'oneOf':
      return Array.isArray(error.schema) && error.schema.length === 2
        ? here('This must be a text or true or false.')
        : undefined;
    default:
      return here(`This does not fit the manifest schema (${error.keyword}).`);
  }
}

function isEither(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function pathOf(parts: readonly string[], manifest: unknown): string {
  let node: unknown = manifest;
  return at(
    ...parts.map((part) => {
      const index = Array.isArray(node) ? Number(part) : part;
      node = (node as Record<string, unknown> | undefined)?.[part];
      return index;
    }),
  );
}

function propertySchema(schema: unknown, name: string): unknown {
  return (schema as { properties?: Record<string, unknown> } | undefined)?.properties?.[name];
}

function descriptionOf(schema: unknown): string | undefined {
  return (schema as { description?: string } | undefined)?.description;
}

function knownKeys(schema: unknown): string {
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {}).join(', ');
}

function withArticle(type: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
  };
  return names[type] ?? type;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a fraction';
  return withArticle(typeof value);
}

function quoted(value: unknown): string {
  return JSON.stringify(shortened(String(value)));
}
