import type { ConfigValue, ConnectorConfig, ConnectorContext } from '../context.js';
import { type ConnectorManifest, connectionHosts, type ValueField, valueFields } from '../manifest/index.js';
import { defaultOf } from '../manifest/visibility.js';
import type { ConnectorParts } from './bind.js';
import { Refusal } from './refusal.js';

/** Runs a call that reaches nothing. Answers the first place that it tried to reach, as `host:port`, or `host` with something behind it. */
export type ShutIn = (call: () => Promise<unknown>) => Promise<string | undefined>;

/** Real milliseconds for one call: nothing that it could wait for ever answers. */
const PATIENCE_MS = 1_000;

/** The person of a rehearsal, who is nobody. */
const NOBODY = 'nobody@rehearsal.example';

/** Names that are asked of any object, whoever has it in hand. */
export const everyObjects: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'then',
  'toJSON',
  'length',
  'inspect',
]);

/**
 * Makes each call once with a configuration that is made up, and nothing to be reached: shows where a connector looks for what its
 * manifest lacks, before there is a vendor.
 * @throws Refusal `FIELD_NOT_DECLARED`, `HOST_NOT_DECLARED`
 */
export async function rehearse(parts: ConnectorParts, manifest: ConnectorManifest, shutIn: ShutIn): Promise<void> {
  const fields = valueFields(manifest);
  const made = Object.fromEntries(fields.flatMap((field) => madeUp(field)));
  const declared = new Set(fields.map(({ key }) => key));
  const undeclared = new Set<string>();
  const config = new Proxy(made, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !declared.has(key) && !everyObjects.has(key)) undeclared.add(key);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const hosts = connectionHosts(manifest, made).map((host) => host.split(':')[0]);
  const reached = new Map<string, string>();
  for (const [name, call] of callsOf(parts, manifest, config)) {
    const place = await shutIn(() => inTime(call()));
    if (place !== undefined) reached.set(name, place);
  }
  const [field] = undeclared;
  if (field !== undefined) {
    throw new Refusal(
      'FIELD_NOT_DECLARED',
      `The code reads config.${field}, and the manifest has no such field; config.fields has ${[...declared].join(', ')}.`,
    );
  }
  const astray = [...reached].find(([, place]) => !hosts.includes(place.split(/[: ]/)[0]));
  if (astray !== undefined) {
    const [name, place] = astray;
    throw new Refusal(
      'HOST_NOT_DECLARED',
      `${name} connects to ${place}, and network.allowedHosts of the manifest has ${hosts.join(', ')}.`,
    );
  }
}

function callsOf(
  { connector, deletion, systemDetection }: ConnectorParts,
  manifest: ConnectorManifest,
  config: ConnectorConfig,
): readonly (readonly [name: string, call: () => Promise<unknown>])[] {
  const ctx = (): ConnectorContext => contextOf(manifest, config);
  const identifiers = manifest.identities.kinds.map(({ kind }) => ({ kind, value: NOBODY }));
  const subject = { id: 'rehearsal', identifiers };
  const submit = async (): Promise<unknown> => {
    const [operation] = (await deletion?.plan([subject], config))?.operations ?? [];
    return operation === undefined ? undefined : deletion?.submit({ ...operation, key: 'rehearsal' }, ctx());
  };
  return [
    ['check', async () => connector.check(ctx())],
    ...(deletion === undefined
      ? []
      : ([
          ['submit', submit],
          ['status', async () => deletion.status('rehearsal', ctx())],
        ] as const)),
    ...(systemDetection === undefined
      ? []
      : ([['detect', async () => systemDetection.detect(ctx())[Symbol.asyncIterator]().next()]] as const)),
  ];
}

/** The context of a call that nobody waits for. */
function contextOf(manifest: ConnectorManifest, config: ConnectorConfig): ConnectorContext {
  const ignore = (): void => undefined;
  return {
    config,
    facts: {},
    capabilities: [
      ...(manifest.deletion === undefined ? [] : (['deletion'] as const)),
      ...(manifest.systemDetection === undefined ? [] : (['system-detection'] as const)),
    ],
    allowedOrigins: [],
    signal: AbortSignal.timeout(PATIENCE_MS),
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    clock: { now: () => Date.now(), sleep: async () => undefined },
    pace: async () => undefined,
  };
}

/** What a call comes to does not count, only what it does. */
async function inTime(call: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([call.catch(() => undefined), over]);
  clearTimeout(timer);
}

/** A value for a field, as a person might have entered it. Addresses are left out: only an operator could allow them. */
function madeUp(field: ValueField): readonly (readonly [string, ConfigValue])[] {
  const usual = defaultOf(field);
  if (usual !== undefined) return [[field.key, usual]];
  switch (field.kind) {
    case 'choice':
      return field.choices.slice(0, 1).map(({ value }) => [field.key, value] as const);
    case 'toggle':
      return [[field.key, false]];
    case 'integer':
      return [[field.key, field.minimum ?? 1]];
    default:
      return field.kind === 'string' && field.format === 'uri'
        ? []
        : [[field.key, 'x'.repeat(Math.max(field.minLength ?? 0, 8))]];
  }
}
