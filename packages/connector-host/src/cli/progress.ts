import { Presets, SingleBar } from 'cli-progress';

/** Shows how far long work is; silent where nobody watches. */
export interface Progress {
  /** @param done of the total, in the same unit. */
  update(done: number, text?: string): void;
  /** Ends the bar, leaving it as it stands. */
  stop(): void;
}

/** A progress bar on standard error where that is a terminal, and nothing otherwise: output to a file or a program stays clean. */
export function progressBar(title: string, total: number, unit: string): Progress {
  if (!process.stderr.isTTY || total <= 0) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% | {value}/{total} ${unit} {text}`,
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { text: '' });
  return { update: (done, text = '') => bar.update(Math.min(done, total), { text }), stop: () => bar.stop() };
}
