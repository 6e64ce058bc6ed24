import type { ConfigField, ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import type { Connection, ShownValue } from '../api/model.js';
import { Facts } from '../look/page.js';
import { connectionWords } from '../words/connections.js';

function shown(field: ConfigField, value: ShownValue | undefined): string {
  if (value === undefined) return connectionWords.notSet;
  if (typeof value === 'object') return connectionWords.set;
  if (field.kind === 'choice') return field.choices.find((choice) => choice.value === value)?.label ?? String(value);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return String(value);
}

/** A connection's configuration in the words of its form. Secrets only say that they are there. */
export function ConfigFacts({
  connection,
  manifest,
}: {
  readonly connection: Connection;
  readonly manifest: ConnectorManifest | undefined;
}): ReactNode {
  const { config } = connection;
  if (manifest === undefined)
    return (
      <Facts
        items={Object.keys(config).map((key) => [
          key,
          typeof config[key] === 'object' ? connectionWords.set : String(config[key]),
        ])}
      />
    );
  const items = manifest.config.fields
    .filter((field) => field.kind !== 'notice' && config[field.key] !== undefined)
    .map((field) => [field.label, shown(field, config[field.key])] as const);
  return <Facts items={items} />;
}
