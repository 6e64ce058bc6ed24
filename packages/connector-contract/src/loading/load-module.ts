import type { ContainerModule } from 'inversify';
import type { ConnectorManifest } from '../manifest/index.js';
import { importProblem } from './import-problem.js';
import { Refusal } from './refusal.js';

/**
 * Imports a connector's entry and takes the module out of it.
 * @param timeoutMs an import that takes longer counts as hung; it cannot be stopped, but nobody waits for it.
 * @throws Refusal
 */
export async function importModule(
  entry: URL,
  manifest: ConnectorManifest,
  timeoutMs: number,
): Promise<ContainerModule> {
  const name = manifest.entry.export ?? 'connectorModule';
  const exported = await within(
    import(entry.href) as Promise<Record<string, unknown>>,
    timeoutMs,
    () => new Refusal('IMPORT_TIMEOUT', `Importing the connector did not end within ${timeoutMs} ms.`),
    (error) => new Refusal('IMPORT_FAILED', `Importing the connector failed. ${importProblem(error)}`),
  );
  if (!(name in exported)) {
    const others = Object.keys(exported);
    const has = others.length === 0 ? 'exports nothing' : `exports ${others.slice(0, 5).join(', ')}`;
    throw new Refusal('EXPORT_MISSING', `The entry does not export ${name}; it ${has}.`);
  }
  const module = exported[name];
  if (!isModule(module)) throw new Refusal('EXPORT_NOT_A_MODULE', `The export ${name} is not a ContainerModule.`);
  return module;
}

/**
 * Waits for work of a plugin, but not for ever.
 * @param late makes the refusal for work that takes too long; `failed`, for work that throws.
 */
export async function within<T>(
  work: Promise<T>,
  timeoutMs: number,
  late: () => Refusal,
  failed: (error: unknown) => Refusal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } catch (error) {
    throw error instanceof Refusal ? error : failed(error);
  } finally {
    clearTimeout(timer);
    // What comes after the timeout is nobody's business any more, and must not end the process as an unhandled rejection.
    work.catch(() => undefined);
  }
}

// By its shape, not by `instanceof`: the plugin may bring its own copy of inversify.
function isModule(value: unknown): value is ContainerModule {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { load?: unknown }).load === 'function' &&
    'id' in value
  );
}
