/** Takes away what reaches out of the process and what Node's permission model leaves open. */
import asyncHooks from 'node:async_hooks';
import crypto from 'node:crypto';
import inspector from 'node:inspector';
import inspectorPromises from 'node:inspector/promises';
import module, { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import traceEvents from 'node:trace_events';
import v8 from 'node:v8';
import wasi from 'node:wasi';
import { lock, lockMethods, refusing } from './lock.js';

const processes = 'signals to other processes';
const flags = 'flags of the engine';
const users = 'another user';
const files = 'what reads or writes files past the rules for files';
const inside = 'the inside of Node';
const debuggers = 'the debugger';

const shut: readonly (readonly [owner: object, names: readonly string[], what: string])[] = [
  [process, ['kill', '_kill', '_debugProcess'], processes],
  [process, ['_debugEnd', '_startProfilerIdleNotifier', '_stopProfilerIdleNotifier'], debuggers],
  [process, ['binding', '_linkedBinding', '_getActiveHandles', '_getActiveRequests'], inside],
  [process, ['dlopen', 'execve'], 'native code'],
  [process, ['chdir'], 'another working folder'],
  [process, ['setuid', 'seteuid', 'setgid', 'setegid', 'setgroups', 'initgroups'], users],
  [process, ['loadEnvFile'], files],
  // From what runs they lead to the handles it runs on.
  [asyncHooks, ['executionAsyncResource', 'createHook'], inside],
  [os, ['setPriority'], 'priorities of other processes'],
  [inspector, ['open', 'Session', 'waitForDebugger'], debuggers],
  [inspectorPromises, ['open', 'Session', 'waitForDebugger'], debuggers],
  [module, ['register', 'registerHooks'], 'loader hooks'],
  [module, ['enableCompileCache', 'flushCompileCache'], files],
  // They write wherever they are told to, whatever the rules for files say.
  [v8, ['setFlagsFromString'], flags],
  [v8, ['setHeapSnapshotNearHeapLimit', 'writeHeapSnapshot', 'takeCoverage', 'stopCoverage'], files],
  [v8, ['startCpuProfile', 'queryObjects', 'startHeapProfile'], debuggers],
  [traceEvents, ['createTracing'], files],
  [wasi, ['WASI'], files],
  [crypto, ['setEngine'], 'native code'],
  [net, ['_createServerHandle'], 'a socket of its own making'],
];

/** Modules that not every version of Node has, which reach files or processes by ways of their own. */
const lately: readonly (readonly [name: string, names: readonly string[], what: string])[] = [
  ['node:sqlite', ['DatabaseSync', 'backup'], files],
  ['node:ffi', ['dlopen', 'DynamicLibrary', 'FFILibrary'], 'native code'],
];

/** Locks the doors; the network has a guard of its own. Call it before any code of a plugin is imported. */
export function lockDown(): void {
  const require = createRequire(import.meta.url);
  const later = lately
    .filter(([name]) => module.isBuiltin(name))
    .map(([name, names, what]) => [require(name) as object, names, what] as const);
  for (const [owner, names, what] of [...shut, ...later]) {
    for (const name of names) if (name in owner) lock(owner, name, refusing(what));
  }
  // A report holds the whole environment and can be written anywhere.
  if ('report' in process) lock(process, 'report', undefined);
  // Who asks for what is told apart by it.
  lockMethods(asyncHooks.AsyncLocalStorage.prototype);
  for (const name of Object.keys(process.env)) delete process.env[name];
  // The host says when it is time to go; a signal to the whole group is not for this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

/** Lets `import { connect } from 'node:net'` see what was locked. Call it last. */
export function publishLocks(): void {
  module.syncBuiltinESMExports();
}
