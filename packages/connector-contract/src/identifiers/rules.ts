/**
 * What cannot be an identifier of a person, and what nearly always is damage: one table for every way in, as data. Messages never quote
 * a value.
 *
 * Refusing cannot be undone by anybody, so only what cannot name a person is refused. What could is doubtful: it waits until a person
 * says that it is meant. Under values such as `undefined` or `0` a vendor keeps everybody whom it could not identify.
 */
import { doubtfulRules } from './doubtful.js';
import { refusedRules } from './refused.js';
import type { BuiltInRule } from './rule.js';

/** The rules of the contract, in the order in which they are tried: the first that holds tells. */
export const identifierRules: readonly BuiltInRule[] = [...refusedRules, ...doubtfulRules];
