import { reasonOf } from './refusal.js';

/** What Node says where the two kinds of modules were mixed up, and what is meant. */
const mixedUp: readonly (readonly [said: RegExp, means: string])[] = [
  [
    /Cannot use import statement outside a module|Unexpected token 'export'/,
    'The file is an ES module, and its package.json lacks "type": "module".',
  ],
  [
    /(?:require|module|exports|__dirname|__filename) is not defined in ES module scope/,
    'The package.json says "type": "module", so its files import and export instead of that; a file in the old way ends in .cjs.',
  ],
];

/** Why an import failed, with the place where Node tells it. */
export function importProblem(error: unknown): string {
  const { stack } = Object(error) as { stack?: unknown };
  const told = closedTo(error) ?? reasonOf(error);
  const means = mixedUp.find(([said]) => said.test(told))?.[1];
  const place = typeof stack === 'string' ? placeIn(stack) : undefined;
  return [
    told,
    ...(place === undefined || told.includes(place) ? [] : [`In ${place}.`]),
    ...(means === undefined ? [] : [means]),
  ].join(' ');
}

/** File and line of the first place that is not Node's own. */
function placeIn(stack: string): string | undefined {
  const lines = stack.split('\n').filter((line) => !line.includes('node:'));
  for (const word of lines.flatMap((line) => line.split(/[\s()]/))) {
    const place = /^(?:file:\/\/)?(\/[^:]+:\d+)/.exec(word)?.[1];
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What Node's permission model says where a dependency is not installed, or not named: it was looked for in ever more folders. */
function closedTo(error: unknown): string | undefined {
  const { code, resource } = Object(error) as { code?: unknown; resource?: unknown };
  if (code !== 'ERR_ACCESS_DENIED' || typeof resource !== 'string') return undefined;
  return `It asked for ${resource.slice(0, 200)}, which is not open to it: a dependency is not installed, is not named in the package.json, or a file of the package leads elsewhere.`;
}
