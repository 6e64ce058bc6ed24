import { textProblem } from '../field-value.js';
import { at, type ManifestIssue, within } from '../issue.js';
import type { ConfigField, ConnectorManifest } from '../manifest.generated.js';
import { patternProblem } from '../pattern.js';
import { repeats } from './repeats.js';

/** Words by which a key gives away that its value is a credential. */
const SECRET_WORDS = new Set(['token', 'secret', 'password', 'passphrase', 'passwd', 'key', 'apikey', 'credential']);
/** Last words that turn such a key into something harmless: `tokenUrl`, `keyId`. */
const HARMLESS_ENDINGS = new Set(['url', 'uri', 'id', 'name', 'type', 'kind', 'label', 'domain', 'host']);

/** Whether a key reads like that of a credential: `apiToken`, `client_secret`; not `tokenUrl`. */
export function looksSecret(key: string): boolean {
  const words = key.split(/(?<=[a-z0-9])(?=[A-Z])|[_-]/).map((word) => word.toLowerCase().replace(/s$/, ''));
  return !HARMLESS_ENDINGS.has(words.at(-1) ?? '') && words.some((word) => SECRET_WORDS.has(word));
}

/** Fields and groups: names, places, values that contradict each other. */
export function fieldIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const { groups, fields } = manifest.config;
  const groupIds = new Set(groups.map((group) => group.id));
  return [
    ...repeats(groups, (group) => group.id, ['config', 'groups'], 'id'),
    ...repeats(fields, (field) => field.key, ['config', 'fields'], 'key'),
    ...repeats(fields, (field) => `${field.group} ${field.order}`, ['config', 'fields'], 'order'),
    ...fields.flatMap((field, index) =>
      [...placeIssues(field, groupIds), ...valueIssues(field)].map((issue) =>
        within(at('config', 'fields', index), issue),
      ),
    ),
  ];
}

function placeIssues(field: ConfigField, groupIds: ReadonlySet<string>): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  if (!groupIds.has(field.group)) {
    issues.push({
      path: 'group',
      message: `There is no group \`${field.group}\`.`,
      remedy: 'Name the id of an entry of config.groups.',
    });
  }
  if (field.key in Object.prototype) {
    issues.push({
      path: 'key',
      message: `\`${field.key}\` is a name that every JavaScript object has.`,
      remedy: 'Choose another key.',
    });
  }
  if (field.kind === 'string' && looksSecret(field.key)) {
    issues.push({
      path: 'kind',
      message: `\`${field.key}\` reads like a credential, but is not of kind secret.`,
      remedy: 'Make it a secret, so that it is never shown or logged; or give it a key that says what it is.',
    });
  }
  return issues;
}

function valueIssues(field: ConfigField): ManifestIssue[] {
  switch (field.kind) {
    case 'secret':
    case 'string':
      return textIssues(field);
    case 'integer':
      return integerIssues(field);
    case 'choice':
      return choiceIssues(field);
    default:
      return [];
  }
}

function textIssues(field: Extract<ConfigField, { kind: 'secret' | 'string' }>): ManifestIssue[] {
  const { minLength = 1, maxLength = 4096, pattern } = field;
  if (minLength > maxLength) {
    return [{ path: 'minLength', message: 'minLength is above maxLength.', remedy: 'Swap or correct them.' }];
  }
  const problem = pattern === undefined ? undefined : patternProblem(pattern, maxLength);
  if (problem !== undefined) {
    return [
      {
        path: 'pattern',
        message: `The pattern cannot be used: ${problem}.`,
        remedy: 'Write a simpler one, for example ^[a-z0-9-]+$.',
      },
    ];
  }
  if (field.kind === 'secret') return [];
  return (['default', 'example'] as const).flatMap((name) => {
    const value = field[name];
    const trouble = value === undefined ? undefined : textProblem(field, value);
    return trouble === undefined
      ? []
      : [
          {
            path: name,
            message: `The ${name} is not a value the field takes. ${trouble.message}`,
            remedy: 'Correct it.',
          },
        ];
  });
}

function integerIssues(field: Extract<ConfigField, { kind: 'integer' }>): ManifestIssue[] {
  const { minimum = -Infinity, maximum = Infinity, default: preset } = field;
  if (minimum > maximum) {
    return [{ path: 'minimum', message: 'minimum is above maximum.', remedy: 'Swap or correct them.' }];
  }
  if (preset === undefined || (preset >= minimum && preset <= maximum)) return [];
  return [{ path: 'default', message: 'The default is out of range.', remedy: 'Choose one within the range.' }];
}

function choiceIssues(field: Extract<ConfigField, { kind: 'choice' }>): ManifestIssue[] {
  const values = field.choices.map((choice) => choice.value);
  const issues = repeats(field.choices, (choice) => choice.value, ['choices'], 'value');
  if (field.default === undefined || values.includes(field.default)) return issues;
  return [
    ...issues,
    {
      path: 'default',
      message: `The default \`${field.default}\` is not one of the choices.`,
      remedy: `Use one of: ${values.join(', ')}.`,
    },
  ];
}
