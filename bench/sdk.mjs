/** What a user would write with the vendor's own SDK. */
import { DeletionAndSuppressionApi } from '@segment/public-api-sdk-typescript';

/** The SDK's part for deletions, pointed at a sandbox. */
export function sdk(sandbox) {
  const api = new DeletionAndSuppressionApi(sandbox.url);
  api.accessToken = sandbox.tokens.publicOwner;
  return api;
}

const regulation = (ids) => ({ regulationType: 'SUPPRESS_WITH_DELETE', subjectType: 'USER_ID', subjectIds: ids });

/** One call a person, one after the other. */
export async function oneByOne(api, ids) {
  for (const id of ids) await api.createWorkspaceRegulation(regulation([id]));
  return ids.length;
}

/** One call for each 5,000, one after the other. */
export async function inChunks(api, ids) {
  let calls = 0;
  for (let at = 0; at < ids.length; at += 5000) {
    await api.createWorkspaceRegulation(regulation(ids.slice(at, at + 5000)));
    calls += 1;
  }
  return calls;
}
