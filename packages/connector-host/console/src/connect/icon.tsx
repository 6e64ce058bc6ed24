import Box from '@mui/material/Box';
import type { ReactNode } from 'react';

/** A connector's icon where it is part of the manifest, otherwise the first letter of its name. Nothing is loaded from elsewhere. */
export function ConnectorIcon({
  icon,
  name,
  size = 40,
}: {
  readonly icon: string | undefined;
  readonly name: string;
  readonly size?: number;
}): ReactNode {
  if (icon?.startsWith('data:image/')) {
    return <Box component="img" src={icon} alt="" sx={{ width: size, height: size, borderRadius: 1, flexShrink: 0 }} />;
  }
  return <Monogram name={name} size={size} />;
}

/** The first letter of a name in a quiet square. */
export function Monogram({ name, size = 28 }: { readonly name: string; readonly size?: number }): ReactNode {
  return (
    <Box
      aria-hidden
      sx={{
        width: size,
        height: size,
        flexShrink: 0,
        borderRadius: 1,
        display: 'grid',
        placeItems: 'center',
        bgcolor: 'primary.light',
        color: 'primary.main',
        fontWeight: 700,
        fontSize: size * 0.45,
      }}
    >
      {[...name][0]?.toUpperCase() ?? '?'}
    </Box>
  );
}
