/** What is wrong with a text that is no JSON, and in which line. */
export function jsonProblem(text: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/.exec(said)?.[1];
  const before = position === undefined ? text : text.slice(0, Number(position));
  const [what = said] = said.split(/ (?:in JSON )?at position/);
  return `${what.slice(0, 200)}, in line ${before.split('\n').length}.`;
}
