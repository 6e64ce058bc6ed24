import { HostProblem } from '../problem.js';
import type { Shortage } from './embedded/room.js';

/** Bytes as megabytes, rounded up: what is asked for suffices. */
const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** A shortage in one line. */
export function shortageText({ folder, free, missing }: Shortage): string {
  return `The disk of ${folder} is nearly full: ${megabytes(free)} are free, and ${megabytes(missing)} more are needed.`;
}

/** The problem of a host that accepts nothing for want of room. */
export function diskFull(shortage: Shortage): HostProblem {
  return new HostProblem('DISK_FULL', shortageText(shortage), {
    remedy: 'Make room there, and send it again. What was accepted is kept and goes on meanwhile.',
  });
}
