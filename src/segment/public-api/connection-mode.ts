import { isJson, type Json } from 'connector-kit';

const none: ReadonlySet<unknown> = new Set(['0', 'NONE']);
const some: ReadonlySet<unknown> = new Set(['1', 'SINGLE', 'MULTIPLE']);

function named(value: unknown): 'cloud' | 'device' | undefined {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return word === 'cloud' || word === 'device' ? word : undefined;
}

/** The one of two modes that there is; `undefined` where there are both, or neither is known. */
function only(cloud: boolean, device: boolean): 'cloud' | 'device' | undefined {
  if (cloud === device) return undefined;
  return cloud ? 'cloud' : 'device';
}

function objectAt(from: Json, key: string): Json {
  const value = from[key];
  return isJson(value) ? value : {};
}

/**
 * Whether a destination gets events from Segment's servers or straight from the device, where that is certain.
 *
 * The Public API has no field for it. A setting of the destination may name the mode; else the catalogue may offer only one: by
 * `supportedFeatures`, which counts instances of each mode, but says 0 of both for many products; by the parts it is made of; and where
 * it lists none, by the platforms it can be connected to, since what cannot be fed by a server runs in the browser or app.
 */
export function connectionMode(metadata: Json, settings: Json): 'cloud' | 'device' | undefined {
  const set = named(settings['connectionMode'] ?? settings['connection_mode']);
  if (set !== undefined) return set;
  const { cloudModeInstances: cloud, deviceModeInstances: device } = objectAt(metadata, 'supportedFeatures');
  if (some.has(cloud) && none.has(device)) return 'cloud';
  if (some.has(device) && none.has(cloud)) return 'device';
  const { components } = metadata;
  const { server, browser, mobile } = objectAt(metadata, 'supportedPlatforms');
  if (!Array.isArray(components)) return server === true && browser === false && mobile === false ? 'cloud' : undefined;
  const types = components.filter(isJson).map(({ type }) => String(type).toUpperCase());
  if (types.length > 0) {
    return only(
      types.includes('SERVER'),
      types.some((type) => type !== 'SERVER'),
    );
  }
  return only(server === true, server === false && (browser === true || mobile === true));
}
