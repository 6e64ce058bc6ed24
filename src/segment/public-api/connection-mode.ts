import { isObject, type JsonObject } from '../reading.js';

const none: ReadonlySet<unknown> = new Set(['0', 'NONE']);
const some: ReadonlySet<unknown> = new Set(['1', 'SINGLE', 'MULTIPLE']);

function named(value: unknown): 'cloud' | 'device' | undefined {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return word === 'cloud' || word === 'device' ? word : undefined;
}

/**
 * Whether a destination gets events from Segment's servers or straight from the device, where that is certain.
 *
 * The Public API has no field for it. A setting of the destination may name the mode; else the catalogue may offer only one:
 * `supportedFeatures` counts instances of each mode, and without browser and mobile there is no device. Where the catalogue
 * offers both, or says nothing, the answer is `undefined`.
 */
export function connectionMode(metadata: JsonObject, settings: JsonObject): 'cloud' | 'device' | undefined {
  const set = named(settings['connectionMode'] ?? settings['connection_mode']);
  if (set !== undefined) return set;
  const features = isObject(metadata['supportedFeatures']) ? metadata['supportedFeatures'] : {};
  const cloud = features['cloudModeInstances'];
  const device = features['deviceModeInstances'];
  if (some.has(cloud) && none.has(device)) return 'cloud';
  if (some.has(device) && none.has(cloud)) return 'device';
  const platforms = isObject(metadata['supportedPlatforms']) ? metadata['supportedPlatforms'] : {};
  const serverOnly = platforms['server'] === true && platforms['browser'] === false && platforms['mobile'] === false;
  return serverOnly ? 'cloud' : undefined;
}
