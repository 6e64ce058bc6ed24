/** The console's look: quiet surfaces, one accent, colour only where it means something. */
import { createTheme } from '@mui/material/styles';

declare module '@mui/material/styles' {
  interface Palette {
    readonly coverage: Readonly<Record<'reached' | 'forwarded' | 'needs-setup' | 'not-reached' | 'unknown', string>>;
    readonly line: { readonly main: string; readonly strong: string };
  }
  interface PaletteOptions {
    readonly coverage?: Palette['coverage'];
    readonly line?: Palette['line'];
  }
}

const system = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';

/** Fixed-width text: ids, references. */
export const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

const light = {
  primary: { main: '#1c5d6b', dark: '#134651', light: '#e3eff1', contrastText: '#ffffff' },
  secondary: { main: '#52606d' },
  success: { main: '#1c7045', light: '#e4f3ea', dark: '#14532f' },
  warning: { main: '#8a5300', light: '#fdf1dc', dark: '#6b4000', contrastText: '#ffffff' },
  error: { main: '#b3261e', light: '#fceceb', dark: '#8c1d18' },
  info: { main: '#1f5fa8', light: '#e6f0fb', dark: '#174a85' },
  background: { default: '#f6f7f9', paper: '#ffffff' },
  text: { primary: '#17212b', secondary: '#52606d' },
  divider: '#e1e5ea',
  line: { main: '#e1e5ea', strong: '#c3cad3' },
  coverage: {
    reached: '#1c7045',
    forwarded: '#1f5fa8',
    'needs-setup': '#8a5300',
    'not-reached': '#b3261e',
    unknown: '#6b7480',
  },
};

const dark = {
  primary: { main: '#7cc4d1', dark: '#a6dae3', light: '#17343b', contrastText: '#0b1a1e' },
  secondary: { main: '#a3afbb' },
  success: { main: '#6fcf97', light: '#12301f', dark: '#a5e3bf' },
  warning: { main: '#f0b45a', light: '#35270f', dark: '#f7d196', contrastText: '#201503' },
  error: { main: '#f28b82', light: '#3a1816', dark: '#f9bdb8' },
  info: { main: '#8ab8f0', light: '#13273f', dark: '#b9d5f7' },
  background: { default: '#0f151b', paper: '#161e26' },
  text: { primary: '#e6ebf0', secondary: '#a3afbb' },
  divider: '#27323d',
  line: { main: '#27323d', strong: '#3c4a58' },
  coverage: {
    reached: '#6fcf97',
    forwarded: '#8ab8f0',
    'needs-setup': '#f0b45a',
    'not-reached': '#f28b82',
    unknown: '#a3afbb',
  },
};

/** Light and dark; which one follows the system until somebody chooses. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-scheme' },
  colorSchemes: { light: { palette: light }, dark: { palette: dark } },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: system,
    fontSize: 14,
    h1: { fontSize: '1.5rem', fontWeight: 650, letterSpacing: '-0.015em', lineHeight: 1.25 },
    h2: { fontSize: '1.0625rem', fontWeight: 650, letterSpacing: '-0.005em', lineHeight: 1.35 },
    h3: { fontSize: '0.9375rem', fontWeight: 650, lineHeight: 1.4 },
    body1: { fontSize: '0.9375rem', lineHeight: 1.55 },
    body2: { fontSize: '0.875rem', lineHeight: 1.5 },
    caption: { fontSize: '0.8125rem', lineHeight: 1.45 },
    overline: { fontSize: '0.75rem', fontWeight: 650, letterSpacing: '0.04em', textTransform: 'none', lineHeight: 1.6 },
    button: { textTransform: 'none', fontWeight: 600 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        body: { scrollbarGutter: 'stable' },
        ':focus-visible': {
          outline: '2px solid var(--mui-palette-primary-main)',
          outlineOffset: '2px',
          borderRadius: '4px',
        },
        a: { color: 'var(--mui-palette-primary-main)' },
        '@media (prefers-reduced-motion: reduce)': {
          // Animations once: what is over at once and begins again would never end. No transitions at all: even the
          // shortest shows what was before until the next frame, which a page in the background may wait long for.
          '*, *::before, *::after': {
            animationDuration: '0.01ms !important',
            animationIterationCount: '1 !important',
            transition: 'none !important',
          },
        },
      },
    },
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiButton: {
      defaultProps: { disableElevation: true },
      styleOverrides: {
        root: { '&.Mui-focusVisible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: '2px' } },
        outlined: { borderColor: 'var(--mui-palette-line-strong)', color: 'var(--mui-palette-text-primary)' },
      },
    },
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiCard: {
      defaultProps: { variant: 'outlined' },
      styleOverrides: { root: { borderColor: 'var(--mui-palette-line-main)' } },
    },
    MuiOutlinedInput: {
      styleOverrides: {
        notchedOutline: { borderColor: 'var(--mui-palette-line-strong)' },
        root: { backgroundColor: 'var(--mui-palette-background-paper)' },
      },
    },
    MuiAlert: {
      styleOverrides: {
        outlined: ({ ownerState: { severity = 'success' } }) => ({
          borderColor: `var(--mui-palette-${severity}-main)`,
          color: 'var(--mui-palette-text-primary)',
        }),
      },
    },
    MuiChip: { styleOverrides: { root: { fontWeight: 550, borderRadius: 6 } } },
    // Beside what it explains, and so in the same landmark of the page.
    MuiTooltip: { defaultProps: { arrow: true, describeChild: true, slotProps: { popper: { disablePortal: true } } } },
    MuiTableCell: {
      styleOverrides: {
        root: { borderColor: 'var(--mui-palette-line-main)' },
        head: { fontWeight: 600, color: 'var(--mui-palette-text-secondary)', fontSize: '0.8125rem' },
      },
    },
    MuiLink: { defaultProps: { underline: 'hover' } },
    MuiDialog: { styleOverrides: { paper: { border: '1px solid var(--mui-palette-line-main)' } } },
    MuiDrawer: { styleOverrides: { paper: { borderColor: 'var(--mui-palette-line-main)' } } },
  },
});
