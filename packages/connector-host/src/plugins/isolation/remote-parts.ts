/** A connector's parts as stand-ins that speak to its process. */
import type {
  ConnectorConfig,
  ConnectorContext,
  ConnectorManifest,
  DeletionPlan,
  DetectedSystem,
  Operation,
} from 'connector-contract';
import type { ConnectorParts } from 'connector-contract/loading';
import type { Keeper } from './keeper.js';
import { expandPlan, type PackedOperation, packPeople } from './people.js';
import { permitsOf } from './permits.js';
import { RemoteDetection } from './remote-detection.js';
import type { CallTo, RunningConnector } from './running-connector.js';
import type { Tunnels } from './tunnels.js';

/** The parts that the manifest declares; `enter` stands before every call. */
export function remoteParts(keeper: Keeper, manifest: ConnectorManifest, tunnels: Tunnels): ConnectorParts {
  const permits = (ctx: ConnectorContext) => tunnels.lead(permitsOf(manifest, ctx.config, ctx.allowedOrigins));
  const pure = <T>(method: 'validate' | 'plan', args: readonly unknown[]) =>
    answerOf<T>(keeper.running, { method, args, permits: [] });
  const within = async <T>(method: CallTo['method'], ctx: ConnectorContext, args: readonly unknown[] = []) => {
    const reach = await permits(ctx);
    return answerOf<T>(keeper.running, { method, args, ctx, permits: reach });
  };
  const deletion: NonNullable<ConnectorParts['deletion']> = {
    plan: async (subjects, config: ConnectorConfig) =>
      expandPlan(await pure('plan', [packPeople(subjects), config]), subjects) as DeletionPlan,
    submit: (operation, ctx) => within('submit', ctx, [packed(operation)]),
    reconcile: (operation, attemptedAt, ctx, claimed = [], progress = undefined) =>
      within('reconcile', ctx, [packed(operation), attemptedAt, claimed, progress]),
    status: (reference, ctx) => within('status', ctx, [reference]),
    ...(manifest.deletion?.cancellable === true
      ? { cancel: (reference: string, ctx: ConnectorContext) => within('cancel', ctx, [reference]) }
      : {}),
  };
  const systemDetection = {
    detect: async function* (ctx: ConnectorContext): AsyncIterable<DetectedSystem> {
      const reach = await permits(ctx);
      yield* { [Symbol.asyncIterator]: () => new RemoteDetection(keeper.running, { ctx, permits: reach }) };
    },
  };
  return {
    enter: (withinMs) => keeper.enter(withinMs),
    connector: {
      validate: (config) => pure('validate', [config]),
      check: (ctx) => within('check', ctx),
    },
    ...(manifest.deletion === undefined ? {} : { deletion }),
    ...(manifest.systemDetection === undefined ? {} : { systemDetection }),
  };
}

function packed(operation: Operation): PackedOperation {
  return { ...operation, subjects: packPeople(operation.subjects) };
}

// What comes back is whatever the process says; GuardedRunner judges its shape.
function answerOf<T>(running: RunningConnector, call: CallTo): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    running.begin(call, {
      settle: (message) => resolve((message.kind === 'answer' ? message.value : undefined) as T),
      fail: reject,
    });
  });
}
