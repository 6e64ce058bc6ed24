import type { Command } from 'commander';
import { hostCommand, runs } from '../shared.js';

/** `connector-host receipt`: the signed receipt of a concluded request. */
export function receiptCommand(): Command {
  return hostCommand('receipt', 'the signed receipt (JWS) of a concluded request')
    .argument('<requestId>', 'the request')
    .action(
      runs(async (client, output, requestId: string) => {
        const jws = (await client.text(`/api/v1/requests/${encodeURIComponent(requestId)}/receipt`)).trim();
        output.result({ receipt: jws }, () => jws);
        return undefined;
      }),
    );
}
