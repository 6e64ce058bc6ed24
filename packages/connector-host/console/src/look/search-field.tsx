import ClearIcon from '@mui/icons-material/Clear';
import SearchIcon from '@mui/icons-material/Search';
import IconButton from '@mui/material/IconButton';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { words } from '../words/common.js';

/** Milliseconds without a key until what was typed is searched for. */
const PAUSE_MS = 350;

/**
 * A search that follows what is typed. It keeps the text itself: what the address says comes later, and must not take letters away.
 * @param onChange is told after a pause, without white space around.
 */
export function SearchField({
  value,
  label,
  title,
  width = 240,
  onChange,
}: {
  readonly value: string;
  readonly label: string;
  readonly title?: string;
  /** Least width beside others, in pixels. */
  readonly width?: number;
  onChange(value: string): void;
}): ReactNode {
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  const tell = (next: string) => {
    told.current = next;
    onChange(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed decides, after a pause.
  useEffect(() => {
    if (text.trim() === told.current) return undefined;
    const timer = setTimeout(() => tell(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      type="search"
      size="small"
      label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      sx={{ flex: `1 1 ${width}px` }}
      autoComplete="off"
      title={title}
      slotProps={{
        inputLabel: { shrink: true },
        htmlInput: { spellCheck: false, sx: { '&::-webkit-search-cancel-button': { display: 'none' } } },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" aria-hidden />
            </InputAdornment>
          ),
          endAdornment:
            text === '' ? undefined : (
              <InputAdornment position="end">
                <IconButton
                  size="small"
                  edge="end"
                  aria-label={words.clearSearch}
                  onClick={() => {
                    setText('');
                    tell('');
                  }}
                >
                  <ClearIcon fontSize="small" />
                </IconButton>
              </InputAdornment>
            ),
        },
      }}
    />
  );
}
