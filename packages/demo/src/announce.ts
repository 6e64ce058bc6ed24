import { type OpenWork, workSentence } from './open-work.js';
import { sandboxWorkspace } from './servers.js';

/** What a person needs to begin, in lines of at most 80 characters as far as paths allow. */
export function announce(now: {
  readonly url: string;
  readonly dataDir: string;
  readonly sandboxUrl: string | undefined;
  readonly token: string | undefined;
  /** What is open of before. */
  readonly work?: readonly OpenWork[];
}): void {
  const line = (label: string, value: string): void => console.log(`  ${label.padEnd(26)}${value}`);
  console.log('\nThe host is ready');
  line('Console', now.url);
  line('Access token', now.token ?? 'the one in CONNECTOR_HOST_ADMIN_TOKEN');
  const { work = [] } = now;
  if (work.length > 0) {
    console.log(`\nOpen: ${workSentence(work)}`);
    line('To be done at', `${now.url}/console/work`);
  }
  if (now.sandboxUrl !== undefined) {
    console.log('\nA local Segment to connect it to');
    line('API Token', sandboxWorkspace.token);
    line('Workspace Name', sandboxWorkspace.name);
    line('Advanced > API Base URL', now.sandboxUrl);
  }
  console.log(`\nAll data is in ${now.dataDir}`);
  console.log('Remove that folder to begin anew. "npm run demo" shows the whole job done.');
}
