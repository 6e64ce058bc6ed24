import type { FieldIssue } from '../connector.js';
import type { ConfigValue, ConnectorConfig } from '../context.js';
import { valueProblem } from './field-value.js';
import { shortened } from './issue.js';
import type { ConnectorManifest } from './manifest.generated.js';
import { conditionsOf, defaultOf, type FormOptions, isAvailable, type ValueField, valueFields } from './visibility.js';

/** The answer of {@link resolveConfig}: the configuration, unless there are issues. */
export interface ResolvedConfig {
  readonly config?: ConnectorConfig;
  readonly issues: readonly FieldIssue[];
}

/** Unknown keys that are told one by one. */
const MOST_UNKNOWN_KEYS = 20;

/**
 * Makes a connection's configuration of what somebody entered: defaults are filled in, fields that are hidden or not available are
 * dropped, unknown keys and values that a field does not take are refused. Nothing is trimmed or converted.
 *
 * @param manifest one that {@link parseManifest} accepted.
 * @param raw what came in: nothing about its shape is certain.
 * @returns issues in the order of the fields; their texts never hold a value.
 */
export function resolveConfig(manifest: ConnectorManifest, raw: unknown, options: FormOptions): ResolvedConfig {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const message = 'The configuration must be an object with a value for each field.';
    return { issues: [{ field: '', code: 'WRONG_TYPE', message, remedy: 'Send {"key": value, ...}.' }] };
  }
  const fields = valueFields(manifest);
  const given = raw as Readonly<Record<string, unknown>>;
  const issues = unknownKeys(given, fields);
  const config: Record<string, ConfigValue> = {};
  for (const field of fields) {
    if (!isAvailable(field, options) || !isVisible(field, fields, given, options)) continue;
    const value = effectiveValue(field, given);
    if (value === undefined) {
      if (field.required) issues.push(missing(field));
      continue;
    }
    const problem = valueProblem(field, value);
    if (problem === undefined) config[field.key] = value as ConfigValue;
    else issues.push({ field: field.key, ...problem, message: `${field.label}: ${lowerFirst(problem.message)}` });
  }
  return issues.length === 0 ? { config, issues } : { issues };
}

function effectiveValue(field: ValueField, given: Readonly<Record<string, unknown>>): unknown {
  const own = Object.hasOwn(given, field.key) ? given[field.key] : undefined;
  return own === undefined ? defaultOf(field) : own;
}

function isVisible(
  field: ValueField,
  fields: readonly ValueField[],
  given: Readonly<Record<string, unknown>>,
  options: FormOptions,
): boolean {
  return conditionsOf(field, fields).every(
    (condition) =>
      isAvailable(condition.field, options) &&
      (condition.values as readonly unknown[]).includes(effectiveValue(condition.field, given)),
  );
}

function unknownKeys(given: object, fields: readonly ValueField[]): FieldIssue[] {
  const known = new Set(fields.map((field) => field.key));
  return Object.keys(given)
    .filter((key) => !known.has(key))
    .slice(0, MOST_UNKNOWN_KEYS)
    .map((key) => ({
      field: shortened(key),
      code: 'UNKNOWN_FIELD',
      message: 'There is no such field.',
      remedy: `Remove it, or use one of: ${[...known].join(', ')}.`,
    }));
}

function missing(field: ValueField): FieldIssue {
  return { field: field.key, code: 'REQUIRED', message: `${field.label}: a value is needed.`, remedy: field.help };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
