import type { ReactNode } from 'react';
import type { MadeAccessToken } from '../api/model.js';
import { ShownOnce } from '../look/shown-once.js';
import { accessWords } from '../words/access.js';

/** A new token, to be copied. */
export function MadeToken({ made, onClose }: { readonly made: MadeAccessToken; onClose(): void }): ReactNode {
  return (
    <ShownOnce
      title={accessWords.madeTitle(made.view.name)}
      body={accessWords.madeBody}
      label={accessWords.token}
      secret={made.token}
      onClose={onClose}
    />
  );
}
