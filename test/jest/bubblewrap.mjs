import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs bubblewrap where it is missing and may be installed; where not, the tests of the wall say that there is none. */
export function installBubblewrap() {
  if (existsSync('/usr/bin/bwrap') || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  try {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'bubblewrap'], { stdio: 'ignore' });
  } catch {
    // Without a network, for example.
  }
}
