/** Which fields of a manifest are there, given what was entered so far. */
import type { ConfigField, ConnectorManifest } from 'connector-contract';

/** What was entered, by key. A field that is absent stands at its default. */
export type Draft = Readonly<Record<string, string | number | boolean>>;

/** A field's own value, or its default. */
export function fieldValue(field: ConfigField, draft: Draft): string | number | boolean | undefined {
  const entered = draft[field.key];
  if (entered !== undefined) return entered;
  return field.kind === 'secret' || field.kind === 'notice' ? undefined : field.default;
}

function isThere(
  field: ConfigField,
  fields: readonly ConfigField[],
  draft: Draft,
  endpointsAllowed: boolean,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (field.availability === 'host-allows-endpoints' && !endpointsAllowed) return false;
  const rule = field.visibleWhen;
  if (rule === undefined) return true;
  const on = fields.find(({ key }) => key === rule.field);
  if (on === undefined || seen.has(on.key)) return false;
  const value = fieldValue(on, draft);
  return (
    value !== undefined &&
    typeof value !== 'number' &&
    rule.in.includes(value) &&
    isThere(on, fields, draft, endpointsAllowed, new Set([...seen, field.key]))
  );
}

/** The fields to draw, in the manifest's order: those of a hidden field are hidden with it. */
export function shownFields(manifest: ConnectorManifest, draft: Draft, endpointsAllowed: boolean): ConfigField[] {
  const { fields, groups } = manifest.config;
  const rank = (field: ConfigField) => groups.findIndex(({ id }) => id === field.group);
  return fields
    .filter((field) => isThere(field, fields, draft, endpointsAllowed))
    .sort((one, other) => rank(one) - rank(other) || one.order - other.order);
}

/** Whether a field is folded away until somebody asks for it. */
export function isFolded(field: ConfigField, manifest: ConnectorManifest): boolean {
  return field.advanced ?? manifest.config.groups.find(({ id }) => id === field.group)?.advanced ?? false;
}

/** What is sent: values of fields that are drawn, and nothing that is hidden. An emptied text is left out. */
export function configOf(
  manifest: ConnectorManifest,
  draft: Draft,
  endpointsAllowed: boolean,
): Record<string, string | number | boolean> {
  const config: Record<string, string | number | boolean> = {};
  for (const field of shownFields(manifest, draft, endpointsAllowed)) {
    const value = draft[field.key];
    if (value !== undefined && value !== '') config[field.key] = value;
  }
  return config;
}
