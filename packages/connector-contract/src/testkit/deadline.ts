import { AssertionError } from 'node:assert/strict';

/** The answer of a promise, or an assertion error where it takes longer than that many milliseconds of real time. */
export async function settled<Answer>(promise: Promise<Answer>, what: string, ms = 15_000): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AssertionError({ message: `${what} did not end within ${ms} ms` })), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a promise came to, without throwing. */
export async function outcomeOf<Answer>(
  promise: Promise<Answer>,
): Promise<{ readonly answer: Answer } | { readonly thrown: unknown }> {
  try {
    return { answer: await promise };
  } catch (thrown) {
    return { thrown };
  }
}
