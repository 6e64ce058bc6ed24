/** Takes away what reaches out of the process and what Node's permission model leaves open. */
import inspector from 'node:inspector';
import module from 'node:module';
import os from 'node:os';
import { lock, refusing } from './lock.js';

const shut = {
  kill: 'signals to other processes',
  _kill: 'signals to other processes',
  _debugProcess: 'the debugger of other processes',
  _debugEnd: 'the debugger',
  binding: 'the inside of Node',
  _linkedBinding: 'the inside of Node',
  dlopen: 'native code',
  chdir: 'another working folder',
} as const;

/** Locks the doors; the network has a guard of its own. Call it before any code of a plugin is imported. */
export function lockDown(): void {
  for (const [name, what] of Object.entries(shut)) {
    if (name in process) lock(process, name, refusing(what));
  }
  // A report holds the whole environment and can be written anywhere.
  if ('report' in process) lock(process, 'report', undefined);
  lock(os, 'setPriority', refusing('priorities of other processes'));
  lock(inspector, 'open', refusing('the debugger'));
  lock(module, 'register', refusing('loader hooks'));
  for (const name of Object.keys(process.env)) delete process.env[name];
  // The host says when it is time to go; a signal to the whole group is not for this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

/** Lets `import { connect } from 'node:net'` see what was locked. Call it last. */
export function publishLocks(): void {
  module.syncBuiltinESMExports();
}
