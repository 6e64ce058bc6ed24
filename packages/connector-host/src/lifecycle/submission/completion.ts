import type { CompletionChoice, ConnectorConfig, ConnectorManifest } from 'connector-contract';

/**
 * When a connection's deletions count as complete: as its configuration chooses, else as the manifest's default says. Where the vendor
 * cannot be asked how far a deletion is, there is nothing to wait for.
 */
export function completionOf(manifest: ConnectorManifest, config: ConnectorConfig): CompletionChoice {
  const { deletion } = manifest;
  if (deletion === undefined || deletion.type === 'synchronous' || !deletion.statusPollable)
    return 'complete-on-submit';
  if (deletion.completion === undefined) return 'wait-for-completion';
  const chosen = config[deletion.completion.field];
  return deletion.completion.choices.find((choice) => choice === chosen) ?? deletion.completion.default;
}
