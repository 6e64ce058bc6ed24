import { stopBrowser } from './begin.mjs';
import { stopServer } from './database.mjs';

/** After the last test of a run. */
export default async function end() {
  await stopBrowser();
  await stopServer();
}
