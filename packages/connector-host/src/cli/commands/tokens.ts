import { type Command, Option } from 'commander';
import { roles } from '../../access/roles.js';
import type { AccessTokenView } from '../../access/tokens.js';
import { group, hostCommand, runs, wholeNumber } from '../shared.js';

/** `connector-host tokens`: who may come in. */
export function tokensCommand(): Command {
  return group('tokens', 'make, list and revoke access tokens')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

interface CreateFlags {
  readonly name: string;
  readonly role: string;
  readonly email?: string;
  readonly days?: number;
}

function createCommand(): Command {
  return hostCommand('create', 'make an access token; it is shown this once')
    .requiredOption('--name <name>', 'who or what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--email <address>', 'of whoever holds it: work that is given to it is theirs')
    .option('--days <number>', 'how long it is good for (default: until it is revoked)', wholeNumber(1, 36_500))
    .action(
      runs(async (client, output, { name, role, email, days }: CreateFlags) => {
        const expiry = days === undefined ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() };
        const made = await client.post<{ token: string; view: AccessTokenView }>('/api/v1/tokens', {
          name,
          role,
          email,
          ...expiry,
        });
        output.note(`Token ${made.view.id} for ${made.view.name}, as ${made.view.role}. It cannot be shown again:`);
        output.result(made, () => made.token);
        return undefined;
      }),
    );
}

function listCommand(): Command {
  return hostCommand('list', 'list the access tokens, without the tokens themselves').action(
    runs(async (client, output) => {
      const { items } = await client.get<{ items: readonly AccessTokenView[] }>('/api/v1/tokens');
      output.result(items, () =>
        output.table(
          ['id', 'name', 'role', 'state', 'expires'],
          items.map(({ id, name, role, state, expiresAt }) => [id, name, role, state, expiresAt ?? 'never']),
        ),
      );
      return undefined;
    }),
  );
}

function revokeCommand(): Command {
  return hostCommand('revoke', 'revoke an access token from now on')
    .argument('<id>', 'as "tokens list" shows it')
    .action(
      runs(async (client, output, id: string) => {
        const view = await client.delete<AccessTokenView>(`/api/v1/tokens/${encodeURIComponent(id)}`);
        output.result(view, () => `The token of ${view.name} is revoked.`);
        return undefined;
      }),
    );
}
