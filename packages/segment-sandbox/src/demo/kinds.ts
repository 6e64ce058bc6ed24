import { stableHexId } from '../random.js';
import type { CatalogItem, DestinationKind, SourceKind, WarehouseKind } from '../workspace.js';

/** A kind of source in one line. */
export function sourceKind(
  slug: string,
  name: string,
  category: string,
  special: 'library' | 'cloud-object' | 'cloud-event' = 'library',
): SourceKind {
  const verb = special === 'library' ? 'Collect events with' : 'Collect data from';
  return {
    ...catalogItem('source', slug, name, verb, ''),
    categories: [category],
    isCloudEventSource: special === 'cloud-event',
    isCloudSource: special === 'cloud-object',
  };
}

/** A kind of warehouse in one line; settings by name, the required ones with a `*`. */
export function warehouseKind(slug: string, name: string, settings: string): WarehouseKind {
  return catalogItem('warehouse', slug, name, 'Load your data into', settings);
}

const METHODS = { p: 'pageview', i: 'identify', a: 'alias', t: 'track', g: 'group' } as const;

/** A kind of destination from the cells of its line: slug, name, website, category, modes, methods, platforms, settings, need. */
export function destinationKind(cells: readonly string[], reach: DestinationKind['reach']): DestinationKind {
  const [
    slug = '',
    name = '',
    site = '',
    category = '',
    modes = '',
    methods = '',
    platforms = '',
    settings = '',
    need,
  ] = cells;
  const actions = name.includes('(Actions)');
  return {
    ...catalogItem('destination', slug, name, 'Send your data to', settings),
    categories: [category],
    website: `https://${site}`,
    partnerOwned: !actions && modes === 'cloud',
    modes: modes.split(' ') as ('cloud' | 'device')[],
    methods: Object.entries(METHODS).flatMap(([letter, method]) => (methods.includes(letter) ? [method] : [])),
    platforms: platforms === 'all' ? ['browser', 'server', 'mobile'] : ['browser'],
    hasActions: actions,
    reach,
    ...(need === undefined ? {} : { deletionNeeds: need }),
  };
}

function catalogItem(of: string, slug: string, name: string, verb: string, settings: string): CatalogItem {
  return {
    id: stableHexId(of, slug),
    name,
    slug,
    description: `${verb} ${name}.`,
    logo: `https://logos.segment-sandbox.example/${slug}`,
    options: settings
      .split(' ')
      .filter((setting) => setting !== '')
      .map((marked) => {
        const option = marked.replace('*', '');
        const words = option.replace(/[A-Z]/g, ' $&').replace(/^./, (letter) => letter.toUpperCase());
        const label = words.replace(/\bApi\b/, 'API');
        const required = marked.startsWith('*');
        return { name: option, type: 'string', required, label, description: `${label} of your ${name} account.` };
      }),
  };
}
