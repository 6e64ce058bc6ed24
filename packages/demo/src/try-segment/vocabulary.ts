import { arrayOf, type Exchange, objectOf } from './exchange.js';

/**
 * Words that are Segment's and nobody's else, learnt from what a sandbox answers: what is not among them is replaced in a transcript.
 * (All that a sandbox's workspace is called is made up, and only catalogue words and field names are learnt.)
 */
export interface Vocabulary {
  /** Names of fields. */
  readonly fields: ReadonlySet<string>;
  /** Slugs, names and categories of the public catalogue. */
  readonly catalogue: ReadonlySet<string>;
}

/** Objects whose keys are whatever somebody called them. */
export const FREE_MAPS: ReadonlySet<string> = new Set([
  'settings',
  'config',
  'library_config',
  'fields',
  'defaultValue',
  'choices',
  'encryptedSettings',
]);

/** Fields of a product in which the public catalogue's words stand. */
export const CATALOGUE_FIELDS: ReadonlySet<string> = new Set([
  'slug',
  'name',
  'previousNames',
  'categories',
  'catalog_name',
]);

/** Learns the words of a sandbox's answers. */
export function learn(exchanges: readonly Exchange[]): Vocabulary {
  const fields = new Set<string>();
  const catalogue = new Set<string>();
  const walk = (value: unknown, inMetadata: boolean): void => {
    for (const item of arrayOf(value)) walk(item, inMetadata);
    for (const [key, inner] of Object.entries(objectOf(value))) {
      fields.add(key);
      if (FREE_MAPS.has(key)) continue;
      if ((inMetadata || key === 'catalog_name') && CATALOGUE_FIELDS.has(key))
        for (const word of [inner, ...arrayOf(inner)]) if (typeof word === 'string') catalogue.add(word);
      walk(inner, inMetadata || key === 'metadata');
    }
  };
  for (const { body, requestBody } of exchanges) {
    walk(body, false);
    walk(requestBody, false);
  }
  return { fields, catalogue };
}
