import { ConnectorFault } from 'connector-contract';

/** Replaces a property for good: it can neither be assigned nor defined anew. */
export function lock(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: false, configurable: false, enumerable: true });
}

/** A function that refuses. `what` goes on from "A connector may not use ". */
export function refusing(what: string): () => never {
  return () => {
    throw ConnectorFault.of('CONNECTOR_BUG', `A connector may not use ${what}.`);
  };
}
