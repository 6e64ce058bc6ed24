import { Command } from 'commander';
import type { JSONWebKeySet } from 'jose';
import { RECEIPT_ALGORITHM, receiptTypes } from '../../receipts/receipt-format.js';
import { readText } from '../client.js';
import { CliError, ExitCode } from '../exit.js';
import { Output } from '../output.js';
import { hostCommand, runs, settle } from '../shared.js';

/** `connector-host receipt`: the signed receipt of a concluded request; and whether one is genuine. */
export function receiptCommand(): Command {
  return hostCommand('receipt', 'the signed receipt (JWS) of a concluded request')
    .argument('<requestId>', 'the request')
    .action(
      runs(async (client, output, requestId: string) => {
        const jws = (await client.text(`/api/v1/requests/${encodeURIComponent(requestId)}/receipt`)).trim();
        output.result({ receipt: jws }, () => jws);
        return undefined;
      }),
    )
    .addCommand(verifyCommand());
}

/** Needs no host: the receipt and the public keys alone. */
function verifyCommand(): Command {
  return new Command('verify')
    .description('check a receipt with the public keys alone, without a host')
    .argument('<file>', 'file with the receipt')
    .requiredOption('--jwks <file>', 'file with the public keys, from /.well-known/jwks.json of the host')
    .option('--json', 'print JSON')
    .action(async function (this: Command, file: string) {
      const { jwks, json } = this.optsWithGlobals<{ jwks: string; json?: boolean }>();
      const output = new Output(json === true);
      await settle(output, async () => {
        const { content, key } = await verifyReceipt(readText('the receipt', file), readText('--jwks', jwks));
        output.result({ valid: true, key, receipt: content }, () =>
          [
            `The receipt is genuine: signed with key ${key}, and unchanged.`,
            ...(isInterim(content)
              ? ['It is interim: when it was issued, not everything was settled. Ask the host for a later one.']
              : []),
            JSON.stringify(content, undefined, 2),
          ].join('\n'),
        );
        return undefined;
      });
    });
}

function isInterim(content: unknown): boolean {
  return (content as { readonly standing?: unknown } | null)?.standing === 'interim';
}

/** Verifies a receipt. Throws CliError, in plain words, where it does not hold. */
export async function verifyReceipt(
  jws: string,
  jwks: string,
): Promise<{ readonly content: unknown; readonly key: string }> {
  // Loaded only here: the other commands start faster without.
  const { compactVerify, createLocalJWKSet, errors } = await import('jose');
  try {
    const keys = createLocalJWKSet(JSON.parse(jwks) as JSONWebKeySet);
    const options = { algorithms: [RECEIPT_ALGORITHM] };
    const { payload, protectedHeader } = await compactVerify(jws.trim(), keys, options);
    if (!Object.values(receiptTypes).includes(protectedHeader.typ ?? ''))
      throw new CliError('This is signed, but it is no receipt.', ExitCode.incomplete);
    return { content: JSON.parse(Buffer.from(payload).toString('utf8')), key: protectedHeader.kid ?? '' };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      whatIsWrong(error, errors),
      ExitCode.incomplete,
      'Ask the host that issued it for the receipt and its keys again.',
    );
  }
}

function whatIsWrong(error: unknown, errors: typeof import('jose')['errors']): string {
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The receipt was changed, or signed by somebody else.';
  if (error instanceof errors.JWKSNoMatchingKey) return 'None of the public keys is the one the receipt names.';
  if (error instanceof SyntaxError || error instanceof errors.JWKSInvalid)
    return 'The file of public keys is not a JWK set.';
  return 'The file holds no receipt.';
}
