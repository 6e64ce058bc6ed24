import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const usage = `Usage: connector-kit manifest <manifest.json> <manifest.ts>

Writes a TypeScript module of a manifest, by which the compiler knows its fields, limits and permissions. Run it before every build.
`;

/** The module for the text of a manifest. */
export function manifestModule(text: string, name: string): string {
  const literal = JSON.stringify(JSON.parse(text), null, 2);
  return `// Made from ${name} by \`connector-kit manifest\`: change that.
import { defineManifest } from 'connector-kit';

/** The connector's own manifest. */
export const manifest = defineManifest(${literal});
`;
}

/** Runs the command; answers the exit code: 0 for done, 2 for wrong input. */
export function main([command, from, to, ...more]: readonly string[]): number {
  if (command === '--help' || command === '-h') {
    process.stdout.write(usage);
    return 0;
  }
  if (command !== 'manifest' || from === undefined || to === undefined || more.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    const module = manifestModule(readFileSync(from, 'utf8'), from);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, module);
    return 0;
  } catch (error) {
    process.stderr.write(`${from}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}
