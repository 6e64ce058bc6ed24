import { ConnectorFault } from 'connector-contract';
import { defineProperty, getPrototypeOf, ownKeys } from './primordials.js';

/** Replaces a property for good: it can neither be assigned nor defined anew. */
export function lock(owner: object, name: string | symbol, value: unknown): void {
  defineProperty(owner, name, { value, writable: false, configurable: false, enumerable: true });
}

/** A function that refuses. `what` goes on from "A connector may not use ". */
export function refusing(what: string): () => never {
  return function refused(): never {
    throw ConnectorFault.of('CONNECTOR_BUG', `A connector may not use ${what}.`);
  };
}

/** Keeps the methods of an object, and of what it inherits from up to `Object`, as they are. */
export function lockMethods(owner: object): void {
  for (let level: object | null = owner; level !== null && level !== Object.prototype; level = getPrototypeOf(level)) {
    if (level === Function.prototype) return;
    for (const name of ownKeys(level)) {
      const known = Object.getOwnPropertyDescriptor(level, name);
      if (known?.configurable !== true || typeof known.value !== 'function') continue;
      defineProperty(level, name, { ...known, writable: false, configurable: false });
    }
  }
}
