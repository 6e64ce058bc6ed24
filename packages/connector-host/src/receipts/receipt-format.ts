/** What receipts are written in: also needed where they are only verified. */
import type { Right } from '../requests/request-body.js';

/** Edwards-curve signatures (RFC 8037). */
export const RECEIPT_ALGORITHM = 'EdDSA';

/** The `typ` of a receipt's protected header (RFC 7515), by the right that it is about. */
export const receiptTypes: Readonly<Record<Right, string>> = {
  deletion: 'erasure-receipt+json',
  access: 'access-receipt+json',
};
