import type { Call } from '../call.js';
import type { Reply } from '../reply.js';
import { jsonReply } from '../reply.js';
import type { Match, Route } from '../routes.js';
import { RouteTable } from '../routes.js';
import type { Segment } from '../segment.js';
import type { Catalog } from '../workspace.js';
import type { Caller } from './access.js';
import { callerOf, countCall } from './access.js';
import { errorOfStatus, notFound, PublicApiError } from './errors.js';
import type { Answer } from './inventory.js';
import * as inventory from './inventory.js';
import { mediaTypeFor, namesAnotherThanAlpha } from './media-types.js';
import * as more from './more-lists.js';
import type { RawBody } from './regulation-lists.js';
import * as lists from './regulation-lists.js';
import type { Created } from './regulations.js';
import * as regulations from './regulations.js';

type ReadAnswer = (segment: Segment, caller: Caller, call: Call) => Answer;

type Target =
  | { readonly kind: 'read'; readonly alphaOnly?: true; readonly answer: ReadAnswer }
  | { readonly kind: 'raw'; readonly answer: (segment: Segment, caller: Caller, call: Call) => RawBody }
  | { readonly kind: 'create'; readonly answer: (segment: Segment, caller: Caller, call: Call) => Created };

function routesOf(catalog: Catalog): Route<Target>[] {
  const catalogs = inventory.catalogHandlers(catalog);
  const read = (method: 'GET' | 'DELETE', template: string, answer: ReadAnswer) =>
    ({ method, template, target: { kind: 'read', answer } }) as const;
  const alpha = (template: string, answer: ReadAnswer) =>
    ({ method: 'GET', template, target: { kind: 'read', alphaOnly: true, answer } }) as const;
  const raw = (template: string, answer: Extract<Target, { kind: 'raw' }>['answer']) =>
    ({ method: 'GET', template, target: { kind: 'raw', answer } }) as const;
  const create = (template: string, answer: Extract<Target, { kind: 'create' }>['answer']) =>
    ({ method: 'POST', template, target: { kind: 'create', answer } }) as const;
  return [
    read('GET', '/', inventory.getWorkspace),
    read('GET', '/sources', inventory.listSources),
    read('GET', '/sources/{id}/connected-destinations', inventory.listConnectedDestinations),
    read('GET', '/sources/{id}/connected-warehouses', inventory.listConnectedWarehouses),
    read('GET', '/destinations', inventory.listDestinations),
    read('GET', '/warehouses', inventory.listWarehouses),
    read('GET', '/warehouses/{id}/connected-sources', inventory.listConnectedSources),
    read('GET', '/functions', more.listFunctions),
    alpha('/reverse-etl-models', more.listModels),
    alpha('/spaces', more.listSpaces),
    alpha('/spaces/{id}/profiles-warehouses', more.listProfilesWarehouses),
    read('GET', '/spaces/{id}/audiences', more.listAudiences),
    read('GET', '/catalog/sources', catalogs.sources),
    read('GET', '/catalog/destinations', catalogs.destinations),
    read('GET', '/catalog/warehouses', catalogs.warehouses),
    create('/regulations', regulations.createForWorkspace),
    create('/regulations/sources/{id}', regulations.createForSource),
    create('/regulations/cloudsources/{id}', regulations.createForCloudSource),
    raw('/regulations', lists.listForWorkspace),
    raw('/regulations/sources/{id}', lists.listForSource),
    read('GET', '/regulations/{id}', regulations.getRegulation),
    read('DELETE', '/regulations/{id}', regulations.deleteRegulation),
    read('GET', '/suppressions', lists.listSuppressions),
  ];
}

/** The Public API, version 1. */
export class PublicApi {
  private readonly table: RouteTable<Target>;

  constructor(
    private readonly segment: Segment,
    catalog: Catalog,
  ) {
    this.table = new RouteTable(routesOf(catalog));
  }

  /** The route of a call, where it has one. */
  match(method: string, path: string): Match<unknown> | undefined {
    return this.table.match(method, path);
  }

  /** Carries a call out. */
  answer(call: Call): Reply {
    const mediaType = mediaTypeFor(call);
    try {
      const match = this.table.match(call.method, call.path);
      if (!match) throw notFound('There is no such operation');
      const caller = callerOf(this.segment, call);
      const { target } = match.route;
      const alphaOnly = target.kind === 'read' && target.alphaOnly === true;
      if (alphaOnly && this.segment.style.alphaLists === 'in-alpha-only' && namesAnotherThanAlpha(call))
        throw notFound('There is no such operation in this version');
      const limits = countCall(this.segment, caller, target.kind === 'create' ? 'creates' : 'requests');
      return this.carryOut(target, caller, { ...call, params: match.params }, limits, mediaType);
    } catch (error) {
      if (error instanceof PublicApiError) return error.reply(mediaType);
      throw error;
    }
  }

  /** An error of this status in the form of this API. */
  errorReply(status: number): Reply {
    return errorOfStatus(status, this.segment.clock.now()).reply('application/json; charset=utf-8');
  }

  private carryOut(target: Target, caller: Caller, call: Call, limits: Record<string, string>, type: string): Reply {
    try {
      if (target.kind === 'raw')
        return {
          status: 200,
          headers: { 'content-type': type, ...limits },
          body: target.answer(this.segment, caller, call),
        };
      if (target.kind === 'read')
        return jsonReply(200, { data: target.answer(this.segment, caller, call) }, limits, type);
      const created = target.answer(this.segment, caller, call);
      return jsonReply(200, { data: created.data }, { ...limits, ...created.headers }, type);
    } catch (error) {
      // A refused call tells how the limits stand too.
      if (error instanceof PublicApiError)
        throw new PublicApiError(error.status, error.errors, { ...limits, ...error.headers });
      throw error;
    }
  }
}
