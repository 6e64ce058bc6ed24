import type { ConfigField, ConnectorManifest } from '../manifest.generated.js';
import { drawnFields, isAdvanced } from '../visibility.js';
import { link, list, markdown, plain } from './markdown.js';

/** The steps in order, each with the fields that are filled in there; then what stands under Advanced. */
export function stepsSection(manifest: ConnectorManifest): string {
  const fields = new Map(manifest.config.fields.map((field) => [field.key, field]));
  const steps = manifest.setup.steps.map((step, index) => {
    const filledIn = (step.fields ?? []).flatMap((key) => {
      const field = fields.get(key);
      return field === undefined ? [] : [fieldEntry(field, fields)];
    });
    const heading = `### ${index + 1}. ${plain(step.title)}\n\n${markdown(step.body)}`;
    return filledIn.length === 0 ? heading : `${heading}\n\n${list(filledIn)}`;
  });
  const advanced = drawnFields(manifest).filter((field) => isAdvanced(field, manifest));
  const more = advanced.length === 0 ? [] : [`### Advanced\n\n${list(advanced.map((one) => fieldEntry(one, fields)))}`];
  return `## Set up\n\n${[...steps, ...more].join('\n\n')}`;
}

function fieldEntry(field: ConfigField, fields: ReadonlyMap<string, ConfigField>): string {
  if (field.kind === 'notice') return `**${plain(field.label)}**: ${markdown(field.body).replace(/\n/g, '\n  ')}`;
  const notes = [field.required ? 'required' : 'optional'];
  if (field.kind !== 'secret' && field.kind !== 'choice' && field.default !== undefined) {
    notes.push(`\`${String(field.default)}\` unless given`);
  }
  if (field.availability !== undefined) notes.push('only where the host allows other endpoints');
  if (field.visibleWhen !== undefined) {
    const on = fields.get(field.visibleWhen.field);
    notes.push(`only where ${plain(on?.label ?? field.visibleWhen.field)} is ${field.visibleWhen.in.join(' or ')}`);
  }
  const entry = `**${plain(field.label)}** (\`${field.key}\`, ${notes.join(', ')}): ${plain(field.help)}`;
  return field.kind === 'choice' ? `${entry}\n${choiceEntries(field)}` : entry;
}

function choiceEntries(field: Extract<ConfigField, { kind: 'choice' }>): string {
  return field.choices
    .map(({ value, label, help }) => {
      const preset = value === field.default ? ' *(default)*' : '';
      return `  - ${plain(label)} (\`${plain(value)}\`)${preset}: ${plain(help)}`;
    })
    .join('\n');
}

/** Help, by fault code. */
export function troubleshootingSection({ setup }: ConnectorManifest): string {
  if (setup.troubleshooting.length === 0) return '';
  const entries = setup.troubleshooting.map(
    ({ code, title, body }) => `### ${plain(title)}\n\nCode \`${code}\`\n\n${markdown(body)}`,
  );
  return `## Troubleshooting\n\n${entries.join('\n\n')}`;
}

/** Pages worth reading afterwards. */
export function nextStepsSection({ setup }: ConnectorManifest): string {
  if (setup.nextSteps.length === 0) return '';
  return `## Next steps\n\n${list(setup.nextSteps.map((step) => link(step.label, step.link)))}`;
}
