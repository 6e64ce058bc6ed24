import type { Call } from '../call.js';

const PLAIN = 'application/json; charset=utf-8';

/** `application/json`, and the versions as the SDKs (`v1`, `v1beta`, `v1alpha`) and the pages (`stable`, `beta`, `alpha`) write them. */
const KNOWN = /application\/(?:vnd\.segment\.(?:v1(?:beta|alpha)?|stable|beta|alpha)\+)?json/i;

/** A client is answered in the media type it names first: one of Segment's own, or plain JSON. */
export function mediaTypeFor({ headers }: Call): string {
  const named = KNOWN.exec(headers.accept ?? '')?.[0].toLowerCase();
  return named === undefined || named === 'application/json' ? PLAIN : named;
}

/** Whether a call names versions, and alpha is not among them. */
export function namesAnotherThanAlpha({ headers }: Call): boolean {
  const accepted = headers.accept ?? '';
  return /vnd\.segment\./i.test(accepted) && !/vnd\.segment\.(?:v1)?alpha\+json|application\/json/i.test(accepted);
}

/** Whether a body of this content type is taken. (With which status another one is refused is not published.) */
export function isTaken(contentType: string | undefined): boolean {
  const [type = ''] = (contentType ?? '').split(';');
  return KNOWN.exec(type.trim())?.[0] === type.trim();
}
