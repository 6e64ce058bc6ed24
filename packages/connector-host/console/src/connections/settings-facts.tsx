import type { ConnectorManifest } from 'connector-contract';
import type { ReactNode } from 'react';
import type { Connection } from '../api/model.js';
import { Facts } from '../look/page.js';
import { settingsWords } from '../words/connections.js';

/** What the host does with this connection, where people have a choice. */
export function SettingsFacts({
  connection,
  manifest,
}: {
  readonly connection: Connection;
  readonly manifest: ConnectorManifest | undefined;
}): ReactNode {
  const { repeatUncertain, monthlyQuota } = connection.settings;
  const usual = manifest?.limits.quota?.subjects;
  const people = monthlyQuota?.toLocaleString() ?? (usual === undefined ? undefined : settingsWords.usual(usual));
  return (
    <Facts
      items={[
        [settingsWords.uncertain, settingsWords.repeats[`${repeatUncertain}`]],
        ...(people === undefined ? [] : [[settingsWords.quota, people] as const]),
      ]}
    />
  );
}
