/** What receipts are written in: also needed where they are only verified. */

/** Edwards-curve signatures (RFC 8037). */
export const RECEIPT_ALGORITHM = 'EdDSA';

/** The `typ` of a receipt's protected header (RFC 7515). */
export const RECEIPT_TYPE = 'erasure-receipt+json';
