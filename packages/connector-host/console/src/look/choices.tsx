import Box from '@mui/material/Box';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { ReactNode } from 'react';

/** One of several parts of a list, and how much is in it where that is counted. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** In words; absent: it is not counted; `undefined`: it is not known yet. */
  readonly count?: string | undefined;
}

/** Parts of a list in a row, of which one is shown. */
export function Choices<Value extends string>(props: {
  readonly name: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  /** @param value `undefined`: what was chosen is chosen no more. */
  onChange(value: Value | undefined): void;
}): ReactNode {
  const { name, choices, value, onChange } = props;
  return (
    <Box sx={{ overflowX: 'auto', mx: -0.5, px: 0.5 }}>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={value}
        aria-label={name}
        onChange={(_event, chosen: Value | null) => onChange(chosen ?? undefined)}
        // On a phone few of them stand in two rows, many are scrolled.
        sx={{ gap: 0.5, flexWrap: { xs: choices.length > 5 ? 'nowrap' : 'wrap', sm: 'nowrap' } }}
      >
        {choices.map((choice) => (
          <ToggleButton
            key={choice.value}
            value={choice.value}
            sx={{
              gap: 1,
              px: 1.5,
              py: { xs: 0.875, sm: 0.625 },
              textTransform: 'none',
              whiteSpace: 'nowrap',
              border: 0,
              borderRadius: '6px !important',
              fontWeight: 550,
              color: 'text.secondary',
              '&.Mui-selected': { bgcolor: 'primary.light', color: 'primary.main' },
            }}
          >
            {choice.label}
            {'count' in choice ? (
              <Box
                component="span"
                sx={{ typography: 'caption', fontVariantNumeric: 'tabular-nums', color: 'inherit', minWidth: 12 }}
              >
                {choice.count ?? '…'}
              </Box>
            ) : null}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </Box>
  );
}
