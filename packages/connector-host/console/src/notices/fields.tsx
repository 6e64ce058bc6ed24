import Checkbox from '@mui/material/Checkbox';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormGroup from '@mui/material/FormGroup';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';
import type { Notice, NoticeKind, NoticeList } from '../api/model.js';
import { TextInput } from '../look/text-input.js';
import { noticeWords } from '../words/notices.js';

/** What is told, and when not, as it is being entered. */
export interface NoticeDraft {
  readonly kinds: readonly NoticeKind[];
  readonly from: string;
  readonly until: string;
  readonly zone: string;
}

/** A draft of a notice as it is, or of a new one that tells everything. */
export function draftOf(list: NoticeList, notice?: Notice): NoticeDraft {
  const { from = '', until = '' } = notice?.quiet ?? {};
  return { kinds: notice?.kinds ?? list.kinds.map(({ kind }) => kind), from, until, zone: notice?.zone ?? '' };
}

/** Whether a draft says all it has to. */
export function isWhole({ kinds, from, until }: NoticeDraft): boolean {
  return kinds.length > 0 && (from === '') === (until === '');
}

/** A draft as the host takes it. */
export function bodyOf({ kinds, from, until, zone }: NoticeDraft): object {
  const quiet = from === '' ? undefined : { from, until };
  return { kinds, ...(quiet === undefined ? {} : { quiet }), ...(zone.trim() === '' ? {} : { zone: zone.trim() }) };
}

/** What to tell, the quiet hours and their zone. */
export function NoticeFields({
  draft,
  list,
  tried,
  onChange,
}: {
  readonly draft: NoticeDraft;
  readonly list: NoticeList;
  /** Somebody tried to save: what is missing is said. */
  readonly tried: boolean;
  onChange(draft: NoticeDraft): void;
}): ReactNode {
  const { kinds, from, until, zone } = draft;
  const half = (from === '') !== (until === '');
  const toggle = (kind: NoticeKind) =>
    onChange({ ...draft, kinds: kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind] });
  return (
    <>
      <FormControl component="fieldset" error={tried && kinds.length === 0}>
        <FormLabel component="legend">{noticeWords.kinds}</FormLabel>
        <FormGroup>
          {list.kinds.map(({ kind, label }) => (
            <FormControlLabel
              key={kind}
              control={<Checkbox size="small" checked={kinds.includes(kind)} onChange={() => toggle(kind)} />}
              label={label}
              slotProps={{ typography: { variant: 'body2' } }}
            />
          ))}
        </FormGroup>
        {tried && kinds.length === 0 ? <FormHelperText>{noticeWords.kindsMissing}</FormHelperText> : null}
      </FormControl>
      <Stack direction="row" spacing={2}>
        <TextField
          type="time"
          label={noticeWords.quietFrom}
          value={from}
          onChange={(event) => onChange({ ...draft, from: event.target.value })}
          error={tried && half}
          helperText={tried && half ? noticeWords.quietHalf : noticeWords.quietHelp}
          size="small"
          fullWidth
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <TextField
          type="time"
          label={noticeWords.quietUntil}
          value={until}
          onChange={(event) => onChange({ ...draft, until: event.target.value })}
          error={tried && half}
          size="small"
          fullWidth
          slotProps={{ inputLabel: { shrink: true } }}
        />
      </Stack>
      <TextInput
        optional
        label={noticeWords.zone}
        value={zone}
        help={noticeWords.zoneHelp}
        longest={100}
        onChange={(value) => onChange({ ...draft, zone: value })}
      />
    </>
  );
}
