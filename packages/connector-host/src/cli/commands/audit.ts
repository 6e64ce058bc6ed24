import { type Command, InvalidArgumentError } from 'commander';
import { type AuditView, type ChainHead, entryOf, verifyChain } from '../../audit/chain.js';
import { ExitCode } from '../exit.js';
import { group, hostCommand, runs, wholeNumber } from '../shared.js';

interface AuditPage {
  readonly items: readonly AuditView[];
  readonly head: { readonly seq: number; readonly hash: string };
}

/** `connector-host audit`: who did what, and whether the log of it is whole. */
export function auditCommand(): Command {
  return group('audit', 'who did what, when, to what').addCommand(listCommand()).addCommand(verifyCommand());
}

function listCommand(): Command {
  return hostCommand('list', 'the latest entries, the newest first')
    .option('--limit <number>', 'how many', wholeNumber(1, 1000), 50)
    .action(
      runs(async (client, output, { limit }: { limit: number }) => {
        const page = await client.get<AuditPage>(`/api/v1/audit?limit=${limit}`);
        output.result(page, () =>
          output.table(
            ['no.', 'when', 'who', 'what', 'of what'],
            page.items.map(({ seq, at, actor, actorName, action, target, data }) => [
              String(seq),
              at,
              actorName ?? actor,
              action,
              Object.entries({ ...target, ...data })
                .map(([name, value]) => `${name} ${value}`)
                .join(', '),
            ]),
          ),
        );
        return undefined;
      }),
    );
}

/** The chain is computed here, from the rows: the host's own word is not taken for it. */
function verifyCommand(): Command {
  return hostCommand('verify', 'follow the chain of the whole log, and name the first entry that is changed or missing')
    .option('--head <number:hash>', 'an end that was noted earlier: it must still be in the log', readHead)
    .action(
      runs(async (client, output, { head }: { head?: ChainHead }) => {
        const { head: end } = await client.get<AuditPage>('/api/v1/audit?limit=1');
        const read = async (after: number) =>
          (await client.get<AuditPage>(`/api/v1/audit?after=${after}&limit=1000`)).items.map(entryOf);
        const verdict = await verifyChain(read, { seq: end.seq, hash: Buffer.from(end.hash, 'hex') }, head);
        const { intact, broken } = verdict;
        const noted = `${verdict.head.seq}:${verdict.head.hash.toString('hex')}`;
        output.result({ intact, entries: verdict.head.seq, head: noted, ...(broken ? { broken } : {}) }, () =>
          broken === undefined
            ? `${verdict.head.seq} entries, none changed, none missing.\nNote the end elsewhere and give it back with --head: ${noted}`
            : `Entry ${broken.seq} is ${broken.why}: the log is not to be trusted from there on. ${broken.seq - 1} entries before it are in order.`,
        );
        return intact ? undefined : ExitCode.incomplete;
      }),
    );
}

function readHead(text: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new InvalidArgumentError('Write it as verify printed it.');
  return { seq: Number(seq), hash: Buffer.from(hash, 'hex') };
}
