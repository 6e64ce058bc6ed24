/** A JSON object, as yet unread. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value read from JSON is an object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object that a body is, or `undefined` where it is anything else. */
export function jsonObject(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
