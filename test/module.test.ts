import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import type { Connector, DeletionCapability, SystemDetectionCapability } from 'connector-contract';
import { ServiceIdentifier } from 'connector-contract';
import { Container, ContainerModule } from 'inversify';
import * as plugin from '../src/module.js';
import { segmentManifest } from './manifest-file.js';

const manifest = segmentManifest();

describe('the module', () => {
  test('is the export that the manifest names', () => {
    expect(Reflect.get(plugin, manifest.entry.export ?? '')).toBeInstanceOf(ContainerModule);
  });

  test('binds exactly what the manifest declares', () => {
    const container = new Container();
    const bound: unknown[] = [];
    const recorder = new ContainerModule((options) => {
      const bind = ((identifier: Parameters<typeof options.bind>[0]) => {
        bound.push(identifier);
        return options.bind(identifier);
      }) as typeof options.bind;
      plugin.connectorModule.load({ ...options, bind });
    });
    container.load(recorder);
    expect(bound).toEqual([
      ServiceIdentifier.connector,
      ...(manifest.deletion === undefined ? [] : [ServiceIdentifier.deletion]),
      ...(manifest.systemDetection === undefined ? [] : [ServiceIdentifier.systemDetection]),
    ]);
  });

  test('gives working parts, one of each', () => {
    const container = new Container();
    container.load(plugin.connectorModule);
    const connector = container.get<Connector>(ServiceIdentifier.connector);
    const deletion = container.get<DeletionCapability>(ServiceIdentifier.deletion);
    const detection = container.get<SystemDetectionCapability>(ServiceIdentifier.systemDetection);
    expect(connector.validate({ apiToken: 'sgp_token', workspaceName: 'Acme' })).toEqual({ valid: true, issues: [] });
    expect(deletion.plan([], {})).toEqual({ operations: [], rejected: [] });
    expect(detection.detect).toEqual(expect.any(Function));
    expect(container.get(ServiceIdentifier.connector)).toBe(connector);
  });

  test('leaves nothing behind when it is unloaded, and loads again', () => {
    const container = new Container();
    container.load(plugin.connectorModule);
    container.unload(plugin.connectorModule);
    for (const identifier of Object.values(ServiceIdentifier)) expect(container.isBound(identifier)).toBe(false);
    container.load(plugin.connectorModule);
    for (const identifier of Object.values(ServiceIdentifier)) expect(container.isBound(identifier)).toBe(true);
  });

  test('loads into two containers that do not know each other', () => {
    const [one, other] = [new Container(), new Container()];
    one.load(plugin.connectorModule);
    other.load(plugin.connectorModule);
    expect(one.get(ServiceIdentifier.connector)).not.toBe(other.get(ServiceIdentifier.connector));
  });
});
