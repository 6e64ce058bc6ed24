import Box from '@mui/material/Box';
import { type ReactNode, useMemo } from 'react';
import { mapWords } from '../words/map.js';
import { Canvas, type CanvasProps } from './canvas.js';
import { layOut } from './layout.js';
import { margin } from './view.js';
import { useWidth } from './width.js';

/** The map, as wide as its container and as high as it needs. Every system is a button, so it works by keyboard too. */
export function SystemFlow(props: Omit<CanvasProps, 'layout'>): ReactNode {
  const [container, width] = useWidth();
  const { systems } = props;
  const layout = useMemo(() => layOut(systems, width - 2 * margin), [systems, width]);
  const height = layout.height + 2 * margin;
  return (
    <Box
      ref={container}
      role="group"
      aria-label={mapWords.mapLabel}
      sx={{
        // A map of very many systems stays within the window and is moved; one from top to bottom scrolls with the page.
        height: layout.direction === 'down' ? height : `min(${height}px, max(1600px, 100dvh))`,
        minHeight: 320,
        '--xy-background-color': 'transparent',
        // Moved by its own means alone: scrolled, as a browser does for the focus, it could not be brought back.
        '& .react-flow': { overflow: 'clip !important' },
        '& .react-flow__attribution': { display: 'none' },
      }}
    >
      {width === 0 ? null : <Canvas key={layout.direction} {...props} layout={layout} />}
    </Box>
  );
}
