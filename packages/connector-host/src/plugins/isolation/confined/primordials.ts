/**
 * Built-in functions as they are before any code of a plugin runs. Guards use these and nothing that is looked up later: what a plugin
 * puts in the place of a method would see what the guard has in hand, or answer for it.
 */
import { isIP as isIPNow } from 'node:net';

const { apply: applyNow, getPrototypeOf: getPrototypeOfNow, ownKeys: ownKeysNow, setPrototypeOf: setNow } = Reflect;
const { defineProperty: definePropertyNow, freeze: freezeNow, hasOwn: hasOwnNow } = Object;

/** `Reflect.apply`. */
export const apply = applyNow;
/** `Reflect.getPrototypeOf`. */
export const getPrototypeOf = getPrototypeOfNow;
/** `Reflect.ownKeys`. */
export const ownKeys = ownKeysNow;
/** `Reflect.setPrototypeOf`. */
export const setPrototypeOf = setNow;
/** `Object.defineProperty`. */
export const defineProperty = definePropertyNow;
/** `Object.freeze`. */
export const freeze = freezeNow;
/** `Object.hasOwn`. */
export const hasOwn = hasOwnNow;
/** `net.isIP`; the named import would follow what a plugin puts into the module. */
export const isIP = isIPNow;

const { toLowerCase, slice } = String.prototype;

/** The text in small letters. */
export function lowerCase(text: string): string {
  return apply(toLowerCase, text, []);
}

/** A part of a text. */
export function part(text: string, from: number, to: number): string {
  return apply(slice, text, [from, to]);
}

/** Adds to a list without asking its prototype, which a plugin may have given a setter. */
export function append<T>(list: T[], item: T): void {
  defineProperty(list, list.length, {
    // @ts-expect-error Properties of a descriptor are looked up on its prototype, too.
    __proto__: null,
    value: item,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
