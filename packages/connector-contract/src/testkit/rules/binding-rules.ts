import { deepEqual, ok } from 'node:assert/strict';
import { Container, ContainerModule, type ContainerModuleLoadOptions } from 'inversify';
import { ServiceIdentifier } from '../../connector.js';
import type { ConnectorManifest } from '../../manifest/index.js';
import type { Bench } from '../bench.js';
import { outcomeOf } from '../deadline.js';
import { probeImport } from '../import-probe.js';
import { loadInStrangerHost } from '../stranger-host.js';
import type { RuleChecks } from './rule-check.js';

/** The module, and what it binds. */
export const bindingRules: RuleChecks<'B'> = {
  async B1({ options, manifest }: Bench) {
    ok(options.entry !== undefined, 'give `entry` (the built module) to the kit, or opt out with a reason');
    const { traces } = await probeImport(String(options.entry), manifest.entry.export ?? 'connectorModule');
    const allowed = Object.keys(options.allowedGlobals ?? {}).map((name) => `globals: ${name}`);
    const left = traces.filter((trace) => !allowed.includes(trace));
    ok(left.length === 0, left.join('\n'));
  },

  async B2(bench: Bench) {
    const { container } = await bench.load();
    for (const [name, declared] of Object.entries(declaredParts(bench.manifest))) {
      const bound = container.isBound(ServiceIdentifier[name as keyof typeof ServiceIdentifier]);
      ok(bound === declared, `${name} is ${declared ? 'declared but not bound' : 'bound but not declared'}`);
    }
  },

  async B3(bench: Bench) {
    const { container } = await bench.load();
    const declared = declaredParts(bench.manifest);
    const cancellable = bench.manifest.deletion?.cancellable === true;
    const methods = {
      connector: ['validate', 'check'],
      deletion: ['plan', 'submit', 'reconcile', 'status', ...(cancellable ? ['cancel'] : [])],
      systemDetection: ['detect'],
    };
    for (const name of ['connector', 'deletion', 'systemDetection'] as const) {
      if (!declared[name] || !container.isBound(ServiceIdentifier[name])) continue;
      const part = container.get<Record<string, unknown>>(ServiceIdentifier[name]);
      for (const method of methods[name]) ok(typeof part[method] === 'function', `${name} lacks the method ${method}`);
      if (name === 'deletion' && !cancellable) {
        ok(part['cancel'] === undefined, 'deletion has the method cancel, but the manifest says it is not cancellable');
      }
    }
  },

  async B4(bench: Bench) {
    const { container, module } = await bench.load();
    for (const service of Object.values(ServiceIdentifier)) if (container.isBound(service)) container.get(service);
    const unloaded = await outcomeOf(container.unloadAsync(module));
    ok('answer' in unloaded, 'unloading the module throws');
    for (const [name, service] of Object.entries(ServiceIdentifier)) {
      ok(!container.isBound(service), `${name} is still bound after unloading`);
    }
  },

  async B5(bench: Bench) {
    const inner = await bench.options.load();
    const own = new Set<unknown>();
    const strangers: string[] = [];
    const recording = new ContainerModule((options) => inner.load(watched(options, own, strangers)));
    await new Container().loadAsync(recording);
    deepEqual(strangers, [], 'the module reaches for services that are not its own');
  },

  async B6(bench: Bench) {
    const first = await bench.connected();
    const second = await bench.load();
    second.container.get(ServiceIdentifier.connector);
    // Whether unloading itself works is a rule of its own.
    await outcomeOf(second.container.unloadAsync(second.module));
    const report = await first.check();
    ok(report.status !== 'blocked', 'one copy stops working when another is unloaded');
  },

  async B7({ options, manifest }: Bench) {
    ok(options.entry !== undefined, 'give `entry` (the built module) to the kit, or opt out with a reason');
    const loaded = await loadInStrangerHost(String(options.entry), manifest.entry.export ?? 'connectorModule');
    ok(loaded === 'ok', `a host with its own copy of inversify cannot load and use it: ${loaded}`);
  },
};

function declaredParts(manifest: ConnectorManifest): Readonly<Record<keyof typeof ServiceIdentifier, boolean>> {
  return {
    connector: true,
    deletion: manifest.deletion !== undefined,
    systemDetection: manifest.systemDetection !== undefined,
  };
}

/** The functions a module is loaded with, noting whatever it touches that it has not bound itself under a symbol or a class. */
function watched(
  options: ContainerModuleLoadOptions,
  own: Set<unknown>,
  strangers: string[],
): ContainerModuleLoadOptions {
  const noted = <Call extends (...args: never[]) => unknown>(name: string, call: Call): Call =>
    ((...args: Parameters<Call>) => {
      if (!own.has(args[0])) strangers.push(`${name}(${String(args[0])})`);
      return call(...args);
    }) as unknown as Call;
  return {
    ...options,
    bind: ((service: Parameters<typeof options.bind>[0]) => {
      own.add(service);
      if (typeof service === 'string') strangers.push(`bind('${service}'): a text may be a name of the host's`);
      return options.bind(service);
    }) as typeof options.bind,
    unbind: noted('unbind', options.unbind),
    unbindAsync: noted('unbindAsync', options.unbindAsync),
    rebind: noted('rebind', options.rebind),
    rebindAsync: noted('rebindAsync', options.rebindAsync),
    onActivation: noted('onActivation', options.onActivation),
    onDeactivation: noted('onDeactivation', options.onDeactivation),
  };
}
