import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import Markdown from 'react-markdown';
import { OutLink } from './out-link.js';
import { mono } from './theme.js';

const web = /^https?:\/\//i;

/** Markdown of a manifest. Raw HTML and images are not drawn, and only web addresses become links. */
export function Prose({ children, small = false }: { readonly children: string; readonly small?: boolean }): ReactNode {
  return (
    <Box
      sx={{
        typography: small ? 'body2' : 'body1',
        overflowWrap: 'anywhere',
        '& > :first-of-type': { mt: 0 },
        '& > :last-child': { mb: 0 },
        '& p': { my: 1 },
        '& ul, & ol': { my: 1, pl: 3 },
        '& code': { fontFamily: mono, fontSize: '0.9em', bgcolor: 'action.hover', borderRadius: 0.5, px: 0.5 },
        '& pre': { overflowX: 'auto', p: 1.5, bgcolor: 'action.hover', borderRadius: 1 },
        '& pre code': { bgcolor: 'transparent', p: 0 },
        '& h1, & h2, & h3, & h4, & h5, & h6': { fontSize: '1em', fontWeight: 650, my: 1 },
      }}
    >
      <Markdown
        skipHtml
        disallowedElements={['img', 'hr']}
        components={{
          a: ({ href = '', children: label }) =>
            web.test(href) ? <OutLink href={href}>{label}</OutLink> : <span>{label}</span>,
          // The page's own headings keep their order.
          h1: ({ children: text }) => (
            <p>
              <strong>{text}</strong>
            </p>
          ),
          h2: ({ children: text }) => (
            <p>
              <strong>{text}</strong>
            </p>
          ),
          h3: ({ children: text }) => (
            <p>
              <strong>{text}</strong>
            </p>
          ),
          h4: ({ children: text }) => (
            <p>
              <strong>{text}</strong>
            </p>
          ),
          pre: ({ children: code }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
            <pre tabIndex={0}>{code}</pre>
          ),
        }}
      >
        {children}
      </Markdown>
    </Box>
  );
}
