import UploadFileIcon from '@mui/icons-material/UploadFileOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { visuallyHidden } from '../look/visually-hidden.js';
import { importWords } from '../words/requests.js';

/** Takes a file by drag and drop, or by the button that it is for the keyboard. */
export function DropZone({
  label,
  onFile,
}: {
  readonly label: string | undefined;
  onFile(file: File): void;
}): ReactNode {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  return (
    <Box
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        border: '2px dashed',
        borderColor: over ? 'primary.main' : 'line.strong',
        bgcolor: over ? 'primary.light' : 'background.default',
        borderRadius: 1,
        p: 3,
        textAlign: 'center',
      }}
    >
      <UploadFileIcon aria-hidden sx={{ color: 'text.secondary', mb: 0.5 }} />
      <Typography
        variant="body2"
        sx={{ mb: 1.5, overflowWrap: 'anywhere', fontWeight: label === undefined ? 400 : 600 }}
      >
        {over ? importWords.dropNow : (label ?? importWords.drop)}
      </Typography>
      <Button variant="outlined" size="small" onClick={() => input.current?.click()}>
        {label === undefined ? importWords.choose : importWords.another}
      </Button>
      <Box
        component="input"
        ref={input}
        type="file"
        tabIndex={-1}
        aria-label={importWords.choose}
        accept=".csv,.ndjson,.jsonl,.gz,text/csv,application/x-ndjson"
        sx={visuallyHidden}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onFile(file);
          event.target.value = '';
        }}
      />
    </Box>
  );
}
