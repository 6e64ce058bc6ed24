import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import type { WorkDetail } from '../api/model.js';
import { useDialogAddress } from '../look/dialog-address.js';
import { workActWords } from '../words/work.js';
import { AssignDialog, NoteDialog } from './assign-dialogs.js';
import { CloseDialog, ReopenDialog } from './end-dialogs.js';
import { PeopleDialog } from './people-dialog.js';

const dialogs = ['act'] as const;

/** What the reader may do with a piece of work: as their role lets them, or since it is theirs. */
export function WorkActs({ item }: { readonly item: WorkDetail }): ReactNode {
  const { dialog, open, close } = useDialogAddress(dialogs);
  const may = (act: WorkDetail['may'][number]) => item.may.includes(act);
  const act = dialog('act');
  return (
    <>
      {may('people') ? (
        <Button variant="outlined" startIcon={<DownloadIcon />} onClick={() => open('act', 'people')}>
          {workActWords.people}
        </Button>
      ) : null}
      {may('assign') ? (
        <>
          <Button variant="outlined" onClick={() => open('act', 'note')}>
            {workActWords.addNote}
          </Button>
          <Button variant="outlined" onClick={() => open('act', 'assign')}>
            {workActWords.assign}
          </Button>
        </>
      ) : null}
      {may('close') ? (
        <Button variant="contained" onClick={() => open('act', 'close')}>
          {workActWords.close}
        </Button>
      ) : null}
      {may('reopen') ? (
        <Button variant="outlined" onClick={() => open('act', 'reopen')}>
          {workActWords.reopen}
        </Button>
      ) : null}
      {act === 'people' && may('people') ? <PeopleDialog item={item} onClose={close} /> : null}
      {act === 'note' && may('assign') ? <NoteDialog item={item} onClose={close} /> : null}
      {act === 'assign' && may('assign') ? <AssignDialog item={item} onClose={close} /> : null}
      {act === 'close' && may('close') ? <CloseDialog item={item} onClose={close} /> : null}
      {act === 'reopen' && may('reopen') ? <ReopenDialog item={item} onClose={close} /> : null}
    </>
  );
}
