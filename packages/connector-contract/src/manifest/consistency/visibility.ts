import { at, type ManifestIssue, within } from '../issue.js';
import type { ConfigField, ConnectorManifest, FieldCondition } from '../manifest.generated.js';

/** `visibleWhen`: it names a choice or toggle, values that this can have, and no circle. */
export function visibilityIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const fields = new Map(manifest.config.fields.map((field) => [field.key, field]));
  return manifest.config.fields.flatMap((field, index) => {
    const rule = field.visibleWhen;
    if (rule === undefined) return [];
    return ruleIssues(field, rule, fields).map((issue) => within(at('config', 'fields', index, 'visibleWhen'), issue));
  });
}

function ruleIssues(
  field: ConfigField,
  rule: FieldCondition,
  fields: ReadonlyMap<string, ConfigField>,
): ManifestIssue[] {
  const issues = valueIssues(rule, fields);
  if (issues.some(({ path }) => path === 'field') || !endsInCircle(field, fields)) return issues;
  return [
    {
      path: 'field',
      message: 'The fields hang on each other in a circle, so that none can ever be seen.',
      remedy: 'Let one of them stand without visibleWhen.',
    },
  ];
}

/** A condition on a field: it names a choice or toggle, and values that this can have. */
export function valueIssues(
  { field, in: values }: FieldCondition,
  fields: ReadonlyMap<string, ConfigField>,
): ManifestIssue[] {
  const on = fields.get(field);
  if (on === undefined || (on.kind !== 'choice' && on.kind !== 'toggle')) {
    return [
      {
        path: 'field',
        message: on === undefined ? `There is no field \`${field}\`.` : `\`${field}\` is a ${on.kind} field.`,
        remedy: 'Name the key of a choice or toggle field.',
      },
    ];
  }
  const possible: readonly (string | boolean)[] =
    on.kind === 'toggle' ? [true, false] : on.choices.map((choice) => choice.value);
  const impossible = values.filter((value) => !possible.includes(value));
  return impossible.map((value) => ({
    path: 'in',
    message: `\`${field}\` never has the value ${JSON.stringify(value)}.`,
    remedy: `Use some of: ${possible.map((one) => JSON.stringify(one)).join(', ')}.`,
  }));
}

function endsInCircle(start: ConfigField, fields: ReadonlyMap<string, ConfigField>): boolean {
  const seen = new Set<string>();
  let field: ConfigField | undefined = start;
  while (field?.visibleWhen !== undefined) {
    if (seen.has(field.key)) return true;
    seen.add(field.key);
    field = fields.get(field.visibleWhen.field);
  }
  return false;
}
