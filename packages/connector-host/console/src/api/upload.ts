import { apiPath } from '../base-path.js';
import { Problem, problemOf, query, signedOut } from './client.js';
import { sessionHeaders } from './proof.js';

/** How a file is read. */
export interface ImportTerms {
  /** Somebody has looked at the doubtful identifiers: they are meant. */
  readonly allowDoubtful: boolean;
  /** Columns that hold no identifier are skipped. */
  readonly ignoreColumns: boolean;
}

/**
 * Sends a file of requests, streamed from disk by the browser.
 * @param dry only says what would be taken and sent.
 * @param onProgress bytes that were sent so far.
 * @throws Problem; an abort rejects with code `ABORTED`.
 */
export function importFile<Report>(
  file: File,
  { allowDoubtful, ignoreColumns }: ImportTerms,
  dry: boolean,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Report> {
  const type = /\.(ndjson|jsonl|json)(\.gz)?$/i.test(file.name) ? 'application/x-ndjson' : 'text/csv';
  // fetch tells no progress of what it sends.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => request.abort());
    const terms = query({
      allowDoubtful: allowDoubtful ? 'true' : undefined,
      ignoreColumns: ignoreColumns ? 'true' : undefined,
    });
    request.open('POST', `${apiPath}/requests/import${dry ? '/plan' : ''}${terms}`);
    request.setRequestHeader('content-type', type);
    for (const [name, value] of Object.entries(sessionHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onerror = () =>
      reject(
        new Problem(0, {
          code: 'HOST_UNREACHABLE',
          detail: 'The connection to the host broke off.',
          remedy: 'Nothing is sent by itself later. The same file again adds only what is missing.',
        }),
      );
    request.onabort = () => reject(new Problem(0, { code: 'ABORTED', detail: 'The import was stopped.' }));
    request.onload = async () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Report);
      else {
        if (request.status === 401) signedOut();
        reject(await problemOf(request.status, request.responseText));
      }
    };
    request.send(file);
  });
}
