import type { ConfigField, ConnectorManifest } from './manifest.generated.js';

/** What a host allows, as far as a form depends on it. */
export interface FormOptions {
  /** Whether the operator allows connections to endpoints beside the manifest's `network.allowedHosts`. */
  readonly endpointsAllowed: boolean;
}

/** A field that holds a value. */
export type ValueField = Exclude<ConfigField, { kind: 'notice' }>;

/** The fields of a manifest that hold a value, in its order. */
export function valueFields(manifest: ConnectorManifest): readonly ValueField[] {
  return manifest.config.fields.filter((field): field is ValueField => field.kind !== 'notice');
}

/** The fields in the order they are drawn: by group, then by `order`. */
export function drawnFields(manifest: ConnectorManifest): readonly ConfigField[] {
  const groups = manifest.config.groups.map((group) => group.id);
  return [...manifest.config.fields].sort(
    (one, other) => groups.indexOf(one.group) - groups.indexOf(other.group) || one.order - other.order,
  );
}

/** Whether the field exists at all on such a host. */
export function isAvailable(field: ConfigField, options: FormOptions): boolean {
  return field.availability !== 'host-allows-endpoints' || options.endpointsAllowed;
}

/** Whether the field is folded away until somebody asks for it: its own word, else that of its group. */
export function isAdvanced(field: ConfigField, manifest: ConnectorManifest): boolean {
  const group = manifest.config.groups.find((one) => one.id === field.group);
  return field.advanced ?? group?.advanced ?? false;
}

/** The value a field has where none is given. A secret has none. */
export function defaultOf(field: ConfigField): string | number | boolean | undefined {
  return field.kind === 'secret' || field.kind === 'notice' ? undefined : field.default;
}

/** One condition under which a field exists. */
export interface VisibilityCondition {
  readonly field: ValueField;
  readonly values: readonly (string | boolean)[];
}

/**
 * All conditions under which a field exists, nearest first: its own, that of the field it hangs on, and so on. A chain that names
 * an unknown field or comes back to itself ends there; {@link parseManifest} refuses such a manifest.
 */
export function conditionsOf(field: ConfigField, fields: readonly ValueField[]): readonly VisibilityCondition[] {
  const conditions: VisibilityCondition[] = [];
  const seen = new Set<string>([field.key]);
  let rule = field.visibleWhen;
  while (rule !== undefined) {
    const { field: key, in: values } = rule;
    const on = fields.find((one) => one.key === key);
    if (on === undefined || seen.has(key)) break;
    seen.add(key);
    conditions.push({ field: on, values });
    rule = on.visibleWhen;
  }
  return conditions;
}
