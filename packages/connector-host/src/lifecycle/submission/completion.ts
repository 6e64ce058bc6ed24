import type { CompletionChoice, ConnectorConfig, ConnectorManifest } from 'connector-contract';

/**
 * When a connection's deletions count as complete: as its configuration chooses, else as the manifest's default says. Where the vendor
 * cannot be asked how far a deletion is, there is nothing to wait for. A connector that says nothing of deletions, as one that took the place
 * of another, does not say that.
 */
export function completionOf(manifest: ConnectorManifest, config: ConnectorConfig): CompletionChoice {
  const { deletion } = manifest;
  if (deletion === undefined) return 'wait-for-completion';
  if (deletion.type === 'synchronous' || !deletion.statusPollable) return 'complete-on-submit';
  if (deletion.completion === undefined) return 'wait-for-completion';
  const chosen = config[deletion.completion.field];
  return deletion.completion.choices.find((choice) => choice === chosen) ?? deletion.completion.default;
}
