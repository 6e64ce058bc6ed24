import CloseIcon from '@mui/icons-material/Close';
import UploadFileIcon from '@mui/icons-material/UploadFileOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormHelperText from '@mui/material/FormHelperText';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { type ReactNode, useRef } from 'react';
import { filesFault, fileWords, sizeWords } from '../words/files.js';
import { visuallyHidden } from './visually-hidden.js';

/** Files of a dialog, chosen one after the other or together; each can be left out again. */
export function FilesField(props: {
  readonly help: string;
  readonly files: readonly File[];
  onChange(files: readonly File[]): void;
}): ReactNode {
  const { help, files, onChange } = props;
  const input = useRef<HTMLInputElement>(null);
  const fault = filesFault(files);
  return (
    <Box>
      <Button variant="outlined" size="small" startIcon={<UploadFileIcon />} onClick={() => input.current?.click()}>
        {files.length === 0 ? fileWords.choose : fileWords.more}
      </Button>
      <Box
        component="input"
        ref={input}
        type="file"
        multiple
        tabIndex={-1}
        aria-label={fileWords.choose}
        sx={visuallyHidden}
        onChange={({ target }) => {
          onChange([...files, ...(target.files ?? [])]);
          target.value = '';
        }}
      />
      <FormHelperText>
        {help} {fileWords.limits}
      </FormHelperText>
      {files.length === 0 ? null : (
        <Box component="ul" sx={{ listStyle: 'none', m: 0, mt: 0.5, p: 0 }}>
          {files.map((file) => (
            <Box component="li" key={`${file.name}/${file.size}/${file.lastModified}`} sx={{ display: 'flex', gap: 1 }}>
              <Typography variant="body2" sx={{ alignSelf: 'center', overflowWrap: 'anywhere' }}>
                {fileWords.file(file.name, sizeWords(file.size))}
              </Typography>
              <IconButton
                size="small"
                aria-label={fileWords.remove(file.name)}
                onClick={() => onChange(files.filter((one) => one !== file))}
              >
                <CloseIcon fontSize="small" />
              </IconButton>
            </Box>
          ))}
        </Box>
      )}
      {fault === undefined ? null : (
        <FormHelperText error role="alert">
          {fault}
        </FormHelperText>
      )}
    </Box>
  );
}
