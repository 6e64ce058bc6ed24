import { LONGEST_TEXT, TIDY_TEXT, WEB_ADDRESS } from './field-value.js';
import type { ConnectorManifest } from './manifest.generated.js';
import {
  conditionsOf,
  defaultOf,
  drawnFields,
  type FormOptions,
  isAdvanced,
  isAvailable,
  type ValueField,
  type VisibilityCondition,
  valueFields,
} from './visibility.js';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Keywords of {@link configSchema} that only a form looks at; a validator in strict mode must be told of them.
 * On a property: `x-group` (id), `x-order` (place in the whole form, from 0), `x-advanced`. On the schema: `x-groups` (as in the manifest)
 * and `x-notices` (the notice fields, with their own group, order, tone and visibleWhen).
 */
export const formKeywords = ['x-group', 'x-order', 'x-advanced', 'x-groups', 'x-notices'] as const;

/**
 * The JSON Schema (2020-12) of a connector's configuration as a person enters it: for drawing the form and for checking what comes
 * back. It accepts exactly what {@link resolveConfig} has no issue with. A field with `visibleWhen` stands in the `then` of a
 * condition, so that a form only draws it when it is there; hidden, it may hold anything, because it will be dropped.
 *
 * @param manifest one that {@link parseManifest} accepted.
 */
export function configSchema(manifest: ConnectorManifest, options: FormOptions): JsonSchema {
  const drawn = drawnFields(manifest).filter((field) => isAvailable(field, options));
  const fields = valueFields(manifest);
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const conditional: JsonSchema[] = [];
  for (const [order, field] of drawn.entries()) {
    if (field.kind === 'notice') continue;
    const conditions = conditionsOf(field, fields);
    const property = { ...propertyOf(field), ...hintsOf(field, order, manifest) };
    if (conditions.length === 0) {
      properties[field.key] = property;
      if (mustBeGiven(field)) required.push(field.key);
    } else if (conditions.every((condition) => isAvailable(condition.field, options))) {
      conditional.push(conditionalProperty(field, property, conditions));
    }
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: manifest.displayName,
    description: manifest.summary,
    type: 'object',
    // Rather than additionalProperties, which cannot see into conditions, or unevaluatedProperties, which Ajv gets wrong for
    // keys such as `constructor`.
    propertyNames: fields.length === 0 ? false : { enum: fields.map((field) => field.key) },
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(conditional.length === 0 ? {} : { allOf: conditional }),
    'x-groups': manifest.config.groups,
    'x-notices': drawn.filter((field) => field.kind === 'notice'),
  };
}

function mustBeGiven(field: ValueField): boolean {
  return field.required && defaultOf(field) === undefined;
}

function conditionalProperty(
  field: ValueField,
  property: JsonSchema,
  conditions: readonly VisibilityCondition[],
): JsonSchema {
  // A controlling field that is absent stands at its default: only where that is none of the values must it be given.
  const given = conditions.filter(({ field: on, values }) => !(values as readonly unknown[]).includes(defaultOf(on)));
  return {
    if: {
      properties: Object.fromEntries(
        conditions.map(({ field: on, values }) => [on.key, { enum: [...new Set(values)] }]),
      ),
      ...(given.length === 0 ? {} : { required: given.map(({ field: on }) => on.key) }),
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits this object.
    then: { properties: { [field.key]: property }, ...(mustBeGiven(field) ? { required: [field.key] } : {}) },
  };
}

function hintsOf(field: ValueField, order: number, manifest: ConnectorManifest): JsonSchema {
  return { 'x-group': field.group, 'x-order': order, 'x-advanced': isAdvanced(field, manifest) };
}

function propertyOf(field: ValueField): JsonSchema {
  const preset = defaultOf(field);
  const common = {
    title: field.label,
    description: field.help,
    ...(preset === undefined ? {} : { default: preset }),
  };
  switch (field.kind) {
    case 'secret':
      return { type: 'string', ...common, ...textLimits(field, []), writeOnly: true, format: 'password' };
    case 'string': {
      const address = field.format === 'uri';
      return {
        type: 'string',
        ...common,
        ...textLimits(field, address ? [WEB_ADDRESS] : []),
        ...(address ? { format: 'uri' } : {}),
        ...(field.example === undefined ? {} : { examples: [field.example] }),
      };
    }
    case 'choice':
      return {
        type: 'string',
        ...common,
        oneOf: field.choices.map(({ value, label, help }) => ({ const: value, title: label, description: help })),
      };
    case 'toggle':
      return { type: 'boolean', ...common };
    case 'integer':
      return {
        type: 'integer',
        ...common,
        ...(field.minimum === undefined ? {} : { minimum: field.minimum }),
        ...(field.maximum === undefined ? {} : { maximum: field.maximum }),
      };
  }
}

function textLimits(field: Extract<ValueField, { kind: 'secret' | 'string' }>, formats: readonly string[]): JsonSchema {
  const [first, ...more] = [...(field.pattern === undefined ? [] : [field.pattern]), ...formats, TIDY_TEXT];
  return {
    minLength: field.minLength ?? 1,
    maxLength: field.maxLength ?? LONGEST_TEXT,
    pattern: first,
    ...(more.length === 0 ? {} : { allOf: more.map((pattern) => ({ pattern })) }),
  };
}
