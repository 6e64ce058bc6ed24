import { readFileSync } from 'node:fs';
import { type ConnectorConfig, ConnectorFault, type ConnectorManifest, regionOf } from 'connector-contract';

/** The field whose value is for the host alone. */
type Withheld<M> = M extends { readonly auth: { readonly clientSecret: infer Key } } ? Key : never;

type Field<M extends ConnectorManifest> = Exclude<
  M['config']['fields'][number],
  { readonly kind: 'notice' } | { readonly key: Withheld<M> }
>;

type ValueOf<F> = F extends { readonly kind: 'toggle' }
  ? boolean
  : F extends { readonly kind: 'integer' }
    ? number
    : F extends { readonly kind: 'choice'; readonly choices: readonly { readonly value: infer V }[] }
      ? V
      : string;

// A hidden field has no value, not even where it is required.
type Certain<F> = F extends { readonly visibleWhen: unknown } | { readonly availability: unknown }
  ? never
  : F extends { readonly required: true } | { readonly default: unknown }
    ? F
    : never;

/** A connection's configuration, by the fields of the manifest: what is required or has a default is there, the rest may be. */
export type ConfigOf<M extends ConnectorManifest> = {
  readonly [F in Certain<Field<M>> as F['key']]: ValueOf<F>;
} & {
  readonly [F in Exclude<Field<M>, Certain<Field<M>>> as F['key']]?: ValueOf<F>;
};

/** The names of the manifest's rate limits. */
export type LimitOf<M extends ConnectorManifest> = M['limits']['rate'][number]['id'];

/** The ids of the manifest's permissions. */
export type PermissionOf<M extends ConnectorManifest> = M['permissions'][number]['id'];

/** The names of base URLs that each region of the manifest has. */
type BaseUrlOf<M extends ConnectorManifest> = M extends {
  readonly regions: readonly { readonly baseUrls: infer Urls }[];
}
  ? keyof Urls & string
  : never;

/**
 * The base URL of the connection's region, which the field of the manifest's `regionField` picks.
 * @throws ConnectorFault `CONFIG_INVALID` where no region is chosen.
 */
export function baseUrlOf<M extends ConnectorManifest>(manifest: M, config: ConfigOf<M>, name: BaseUrlOf<M>): string {
  const url = regionOf(manifest, config as ConnectorConfig)?.baseUrls[name];
  if (url !== undefined) return url;
  throw ConnectorFault.of('CONFIG_INVALID', 'No region is chosen.', { field: manifest.regionField ?? '' });
}

/** A manifest whose names are known to the compiler. `connector-kit manifest` writes the call of it from the JSON file. */
export function defineManifest<const M extends ConnectorManifest>(manifest: M): M {
  return manifest;
}

/** A manifest that is read when first asked for: importing a connector reads nothing. */
export function manifestAt(url: URL): () => ConnectorManifest {
  let manifest: ConnectorManifest | undefined;
  return () => {
    manifest ??= JSON.parse(readFileSync(url, 'utf8')) as ConnectorManifest;
    return manifest;
  };
}
