type Write = typeof process.stdout.write;

/** Tells `told` of everything that is printed while `body` runs, through the console or a standard stream. It is printed all the same. */
export async function overheard<Answer>(
  told: (printed: unknown) => void,
  body: () => Promise<Answer>,
): Promise<Answer> {
  const { console } = globalThis;
  const methods = Object.entries(console).filter(([, method]) => typeof method === 'function');
  for (const [name, method] of methods) {
    Reflect.set(console, name, (...args: unknown[]): unknown => {
      told(args);
      return Reflect.apply(method as () => unknown, console, args);
    });
  }
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream, write } of streams) {
    stream.write = ((...args: Parameters<Write>) => {
      told(typeof args[0] === 'string' ? args[0] : Buffer.from(args[0]).toString('utf8'));
      return Reflect.apply(write, stream, args);
    }) as Write;
  }
  try {
    return await body();
  } finally {
    for (const { stream, write } of streams) stream.write = write;
    for (const [name, method] of methods) Reflect.set(console, name, method);
  }
}
