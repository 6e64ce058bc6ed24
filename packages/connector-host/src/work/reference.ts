/** What a contact knows a request by: never the id that its sender gave it, which may name a person. */
export function referenceOf(work: number): string {
  return `W-${work}`;
}
