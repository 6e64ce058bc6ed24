/** What the sandbox answers: a status, headers, and a body in pieces that go out one after the other. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly (string | Buffer)[];
}

/** An answer of JSON. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  contentType = 'application/json; charset=utf-8',
): Reply {
  return { status, headers: { 'content-type': contentType, ...headers }, body: [JSON.stringify(value)] };
}

/** Length of a body in bytes. */
export function byteLength(body: Reply['body']): number {
  return body.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
}
