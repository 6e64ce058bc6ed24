import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { builtFile, houseRoot, type SourceFolder, shownPath } from './house.js';

/** The options that the whole build has. */
function compilerOptions(): ts.CompilerOptions {
  const file = join(houseRoot, 'tsconfig.base.json');
  const read = ts.readConfigFile(file, (path) => readFileSync(path, 'utf8'));
  const { options } = ts.convertCompilerOptionsFromJson(read.config.compilerOptions, houseRoot);
  // By itself, a file does not know that its package is one of modules.
  return { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
}

const options = compilerOptions();

/**
 * Brings what was built of one file up to date, without a look at types or at other files: that takes milliseconds.
 * @returns whether anything that runs has changed.
 * @throws Error with the place, where it is not TypeScript.
 */
export function build(folder: SourceFolder, source: string): boolean {
  const target = builtFile(folder, source);
  if (target === undefined) return true;
  if (!existsSync(source)) {
    const there = existsSync(target);
    rmSync(target, { force: true });
    return there;
  }
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: options,
    fileName: source,
    reportDiagnostics: true,
  });
  const [wrong] = diagnostics ?? [];
  if (wrong !== undefined) {
    const line = (wrong.file?.getLineAndCharacterOfPosition(wrong.start ?? 0).line ?? 0) + 1;
    throw new Error(`${shownPath(source)}:${line}: ${ts.flattenDiagnosticMessageText(wrong.messageText, ' ')}`);
  }
  if (existsSync(target) && readFileSync(target, 'utf8') === outputText) return false;
  mkdirSync(dirname(target), { recursive: true });
  if (sourceMapText !== undefined) writeWhole(`${target}.map`, sourceMapText);
  writeWhole(target, outputText);
  return true;
}

/** A process that starts meanwhile reads either the old file or the new one. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
