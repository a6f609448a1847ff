/** The look: tokens.css as Mantine's theme, and the defaults of its parts. */
import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  InputWrapper,
  Loader,
  Menu,
  Modal,
  PasswordInput,
  Select,
  TextInput,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { ChevronDown } from 'lucide-react';

const indigo: MantineColorsTuple = [
  '#eeeefc', '#dedefa', '#bfbef3', '#9d9bec', '#807ee6', '#6361df', '#4b48d6', '#3f3cbd', '#3532a0', '#2a2880',
];

// The dark tokens, text first, in the order Mantine uses them.
const dark: MantineColorsTuple = [
  '#ececf0', '#b2b2bc', '#9494a0', '#71717e', '#3d3d46', '#292930', '#222227', '#18181c', '#131316', '#0e0e10',
];

export const theme = createTheme({
  colors: { indigo, dark },
  primaryColor: 'indigo',
  primaryShade: { light: 6, dark: 5 },
  fontFamily: 'var(--font-sans)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font-sans)', fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '17px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '24px', xl: '28px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'md',
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  shadows: { xs: 'var(--shadow-1)', sm: 'var(--shadow-1)', md: 'var(--shadow-2)', lg: 'var(--shadow-3)', xl: 'var(--shadow-3)' },
  breakpoints: { xs: '480px', sm: '640px', md: '900px', lg: '1100px', xl: '1280px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm' }, vars: () => ({ root: { '--button-height': '36px', '--button-fz': '13px' } }), styles: { root: { fontWeight: 600 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', radius: 'sm', size: 32 } }),
    InputWrapper: InputWrapper.extend({ styles: { label: { marginBottom: 4, fontWeight: 500, lineHeight: '18px' }, description: { fontSize: 12.5, lineHeight: '17px', marginTop: 4, color: 'var(--fg2)' }, error: { fontSize: 13, lineHeight: '18px', marginTop: 4 } } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({
      defaultProps: {
        size: 'sm',
        allowDeselect: false,
        checkIconPosition: 'right',
        rightSection: <ChevronDown size={14} strokeWidth={1.75} aria-hidden />,
        rightSectionPointerEvents: 'none',
      },
    }),
    Menu: Menu.extend({
      // Mantine's invisible first stop is no menu item, which a menu must not hold.
      defaultProps: { radius: 'lg', shadow: 'md', transitionProps: { duration: 120 }, withInitialFocusPlaceholder: false },
    }),
    Checkbox: Checkbox.extend({ defaultProps: { radius: 'xs' } }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 'xl',
        centered: true,
        shadow: 'lg',
        transitionProps: { duration: 120, transition: 'pop' },
        overlayProps: { backgroundOpacity: 1, color: 'var(--scrim)' },
      },
      styles: {
        header: { padding: '16px 20px 8px', minHeight: 0 },
        title: { fontSize: 17, fontWeight: 600, lineHeight: '24px', letterSpacing: '-0.01em' },
        body: { padding: '4px 20px 20px' },
      },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, transitionProps: { duration: 120 }, radius: 'sm' } }),
    Loader: Loader.extend({ defaultProps: { size: 18 } }),
  },
});

/** Mantine's own variables, pointed at the tokens: one source for both. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--fg)',
    '--mantine-color-dimmed': 'var(--fg3)',
    '--mantine-color-placeholder': 'var(--fg3)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--fg)',
    '--mantine-color-default-border': 'var(--line2)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-anchor': 'var(--accent-fg)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
    '--mantine-primary-color-light': 'var(--accent-soft)',
    '--mantine-primary-color-light-color': 'var(--accent-fg)',
    '--mantine-color-gray-light-hover': 'var(--hover)',
    '--mantine-color-disabled': 'var(--hover)',
    '--mantine-color-disabled-color': 'var(--fg3)',
  };
  return { variables: {}, light: both, dark: both };
};
