import { at, type ManifestIssue } from '../issue.js';
import type { ConnectorManifest } from '../manifest.generated.js';
import { isAdvanced, valueFields } from '../visibility.js';
import { repeats } from './repeats.js';

/** The set-up guide: its steps name fields that exist, and together every field a person must know about. */
export function setupIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const { steps, troubleshooting } = manifest.setup;
  const fields = valueFields(manifest);
  const known = new Set(fields.map((field) => field.key));
  const mentioned = new Set(steps.flatMap((step) => step.fields ?? []));
  return [
    ...repeats(steps, (step) => step.id, ['setup', 'steps'], 'id'),
    ...repeats(troubleshooting, (entry) => entry.code, ['setup', 'troubleshooting'], 'code'),
    ...steps.flatMap((step, index) =>
      (step.fields ?? []).flatMap((key, place) =>
        known.has(key)
          ? []
          : [
              {
                path: at('setup', 'steps', index, 'fields', place),
                message: `There is no field \`${key}\` that holds a value.`,
                remedy: 'Name the key of a field, or remove it.',
              },
            ],
      ),
    ),
    ...manifest.config.fields.flatMap((field, index) =>
      field.kind === 'notice' || mentioned.has(field.key) || isAdvanced(field, manifest)
        ? []
        : [
            {
              path: at('config', 'fields', index),
              message: `No set-up step tells a person about \`${field.key}\`.`,
              remedy: 'Name it in the `fields` of a step, or make it advanced.',
            },
          ],
    ),
  ];
}
