import type { Call } from '../call.js';
import type { Reply } from '../reply.js';
import { jsonReply } from '../reply.js';
import type { Match, Route } from '../routes.js';
import { RouteTable } from '../routes.js';
import type { Segment } from '../segment.js';
import type { TokenSpec } from '../tokens.js';
import { tokenOf } from './access.js';
import { ConfigApiError, configError, configErrorOfStatus, WRONG_URL } from './errors.js';
import * as inventory from './inventory.js';
import * as regulations from './regulations.js';

/** Where the Config API begins. */
export const CONFIG_API_ROOT = '/v1beta';

type Target = (segment: Segment, token: TokenSpec, call: Call) => object;

const ROUTES: readonly Route<Target>[] = (
  [
    ['GET', '/workspaces', inventory.listWorkspaces],
    ['GET', '/workspaces/{slug}', inventory.getWorkspace],
    ['GET', '/workspaces/{slug}/sources', inventory.listSources],
    ['GET', '/workspaces/{slug}/sources/{source}/destinations', inventory.listDestinations],
    ['POST', '/workspaces/{slug}/regulations', regulations.createRegulation],
    ['GET', '/workspaces/{slug}/regulations', regulations.listRegulations],
    ['GET', '/workspaces/{slug}/regulation', regulations.listRegulations],
    ['GET', '/workspaces/{slug}/regulations/{id}', regulations.getRegulation],
  ] as const
).map(([method, path, target]) => ({ method, template: `${CONFIG_API_ROOT}${path}`, target }));

/** The Config API, version 1 beta. */
export class ConfigApi {
  private readonly table = new RouteTable(ROUTES);

  constructor(private readonly segment: Segment) {}

  /** The route of a call, where it has one. */
  match(method: string, path: string): Match<unknown> | undefined {
    return this.table.match(method, path);
  }

  /** Carries a call out. */
  answer(call: Call): Reply {
    const matches = this.table.matches(call.path);
    if (matches.length === 0) return WRONG_URL;
    try {
      const match = matches.find(({ route }) => route.method === call.method);
      const token = tokenOf(this.segment, call);
      if (!match) throw configError('unimplemented');
      const status = call.method === 'POST' ? this.segment.style.createStatus : 200;
      return jsonReply(status, match.route.target(this.segment, token, { ...call, params: match.params }));
    } catch (error) {
      if (error instanceof ConfigApiError) return error.reply(this.segment.style);
      throw error;
    }
  }

  /** An error of this status in the form of this API. */
  errorReply(status: number): Reply {
    return configErrorOfStatus(status).reply(this.segment.style);
  }
}
