import type { Call } from '../call.js';
import type { Segment } from '../segment.js';
import type { Feature, Space } from '../workspace.js';
import { FUNCTION_TYPES } from '../workspace.js';
import type { Caller } from './access.js';
import { invalid, missingRight, notFound } from './errors.js';
import type { Answer } from './inventory.js';
import { listed } from './inventory.js';
import { audienceView, functionView, modelView, profilesWarehouseView, spaceView } from './views.js';

/**
 * Segment's pages say that a workspace "needs to have the feature enabled" for these lists, not how it is told: as for any
 * other right that is missing.
 * @throws PublicApiError 401, or 403 where that is asked for
 */
function requireFeature({ style }: Segment, { workspace }: Caller, feature: Feature): void {
  if (!workspace.features.includes(feature))
    throw missingRight(style, `The feature ${feature} is not enabled for this workspace`);
}

/** `GET /functions`: one type at a time. */
export function listFunctions(segment: Segment, caller: Caller, call: Call): Answer {
  requireFeature(segment, caller, 'functions');
  const type = call.query.first('resourceType');
  if (!FUNCTION_TYPES.some((known) => known === type))
    throw invalid('resourceType', `resourceType must be one of ${FUNCTION_TYPES.join(', ')}`);
  const functions = caller.workspace.functions.filter(({ resourceType }) => resourceType === type);
  return listed(call, 'functions', functions, functionView);
}

/** `GET /reverse-etl-models` */
export function listModels(segment: Segment, caller: Caller, call: Call): Answer {
  requireFeature(segment, caller, 'reverse-etl');
  return listed(call, 'models', caller.workspace.models, modelView);
}

/** `GET /spaces` */
export function listSpaces(segment: Segment, caller: Caller, call: Call): Answer {
  requireFeature(segment, caller, 'spaces');
  return listed(call, 'spaces', caller.workspace.spaces, spaceView);
}

/** `GET /spaces/{id}/profiles-warehouses` */
export function listProfilesWarehouses(segment: Segment, caller: Caller, call: Call): Answer {
  requireFeature(segment, caller, 'spaces');
  const { id: workspaceId, warehouses } = caller.workspace;
  const space = spaceOf(caller, call);
  const synced = space.profilesWarehouses.flatMap(({ warehouseId, schemaName }) =>
    warehouses.filter(({ id }) => id === warehouseId).map((warehouse) => ({ warehouse, schemaName })),
  );
  return listed(call, 'profilesWarehouses', synced, ({ warehouse, schemaName }) =>
    profilesWarehouseView(warehouse, space.id, schemaName, workspaceId),
  );
}

/** `GET /spaces/{id}/audiences` */
export function listAudiences(segment: Segment, caller: Caller, call: Call): Answer {
  requireFeature(segment, caller, 'audiences');
  const space = spaceOf(caller, call);
  return listed(call, 'audiences', space.audiences, (audience) => audienceView(audience, space.id));
}

function spaceOf({ workspace }: Caller, call: Call): Space {
  const space = workspace.spaces.find(({ id }) => id === call.params['id']);
  if (!space) throw notFound('The space does not exist');
  return space;
}
