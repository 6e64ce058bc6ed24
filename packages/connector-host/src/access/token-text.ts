import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new access token: 256 random bits behind a prefix that secret scanners can find. Shown once, never stored. */
export function newToken(): string {
  return `cht_${newSecretText()}`;
}

/** 256 random bits as 43 characters that need no escaping in an address. */
export function newSecretText(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored of a token: its SHA-256. A slow password hash would add nothing, since a token of 256 random bits cannot be
 * guessed.
 */
export function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Compares two hashes in a time that tells nothing about where they differ. */
export function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
