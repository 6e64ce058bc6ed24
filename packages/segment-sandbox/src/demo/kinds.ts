import { stableHexId } from '../random.js';
import type { CatalogItem, DestinationKind, IntegrationStatus, SourceKind, WarehouseKind } from '../workspace.js';

/** A kind of source in one line. */
export function sourceKind(
  slug: string,
  name: string,
  category: string,
  special: 'library' | 'cloud-object' | 'cloud-event' = 'library',
): SourceKind {
  const verb = special === 'library' ? 'Collect events with' : 'Collect data from';
  return {
    ...catalogItem('source', slug, name, `${verb} ${name}.`, ''),
    status: 'PUBLIC',
    categories: [category],
    isCloudEventSource: special === 'cloud-event',
    isCloudSource: special === 'cloud-object',
  };
}

/** A kind of warehouse in one line; settings by name, the required ones with a `*`. */
export function warehouseKind(slug: string, name: string, settings: string, isDeletedFrom = true): WarehouseKind {
  return { ...catalogItem('warehouse', slug, name, `Load your data into ${name}.`, settings), isDeletedFrom };
}

const METHODS = { p: 'pageview', i: 'identify', a: 'alias', t: 'track', g: 'group' } as const;
const PLATFORMS = {
  b: 'browser',
  s: 'server',
  m: 'mobile',
  w: 'warehouse',
  o: 'cloudAppObject',
  l: 'linkedAudiences',
} as const;
const COMPONENTS = { b: 'BROWSER', i: 'IOS', a: 'ANDROID', s: 'SERVER' } as const;

/** A kind of destination from the cells of its line, in the order that `destination-kinds.ts` gives. */
export function destinationKind(cells: readonly string[], reach: DestinationKind['reach']): DestinationKind {
  const [slug = '', name = '', site = '', categories = '', status = '', owner = '', ...rest] = cells.map(cell);
  const [methods = '', platforms = '', components = '', settings = '', need] = rest;
  return {
    ...catalogItem('destination', slug, name, `Send your data to ${name}.`, settings),
    status: status as IntegrationStatus,
    categories: categories === '' ? [] : categories.split(', '),
    website: `https://${site}`,
    partnerOwned: owner === 'partner',
    methods: spelledOut(METHODS, methods),
    platforms: spelledOut(PLATFORMS, platforms),
    components: spelledOut(COMPONENTS, components),
    hasActions: slug.startsWith('actions-'),
    reach,
    ...(need === undefined ? {} : { deletionNeeds: need }),
  };
}

function cell(text: string): string {
  return text === '-' ? '' : text;
}

function spelledOut<Word>(words: Readonly<Record<string, Word>>, letters: string): Word[] {
  return Object.entries(words).flatMap(([letter, word]) => (letters.includes(letter) ? [word] : []));
}

function catalogItem(of: string, slug: string, name: string, description: string, settings: string): CatalogItem {
  return {
    id: stableHexId(of, slug),
    name,
    slug,
    description,
    logo: `https://logos.segment-sandbox.example/${slug}`,
    options: settings
      .split(' ')
      .filter((setting) => setting !== '')
      .map((marked) => {
        const option = marked.replace('*', '');
        const words = option
          .replace(/[A-Z]/g, ' $&')
          .replaceAll('_', ' ')
          .replace(/^./, (letter) => letter.toUpperCase());
        const label = words.replace(/\bApi\b/, 'API');
        const required = marked.startsWith('*');
        return { name: option, type: 'string', required, label, description: `${label} of your ${name} account.` };
      }),
  };
}
