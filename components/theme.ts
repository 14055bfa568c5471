import { type CSSVariablesResolver, createTheme } from "@mantine/core";

/** With the variables below: WCAG 2.2 AA in light and dark. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: "md",
  autoContrast: true,
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  // Naming components here would load them with every page.
  components: {
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // A span alone may have no name.
    Loader: { defaultProps: { role: "progressbar", "aria-label": "Loading" } },
    ActionIcon: { defaultProps: { size: "lg" } },
    Text: { defaultProps: { size: "sm" } },
  },
});

const TINTED = ["teal", "yellow", "red", "gray", "indigo", "green", "orange", "blue"] as const;

/** Mantine's dimmed, error, red, placeholder and tinted colours miss 4.5:1 on light ground. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--postkey-canvas": "#f7f8fb",
    "--postkey-surface": "#ffffff",
    "--postkey-line": colors.gray[3],
    "--postkey-warning": `color-mix(in srgb, ${colors.orange[9]} 70%, black)`,
    "--mantine-color-anchor": colors.indigo[9],
    "--mantine-color-dimmed": colors.gray[7],
    "--mantine-color-placeholder": colors.gray[7],
    "--mantine-color-error": "#b02525",
    "--mantine-color-red-filled": colors.red[9],
    "--mantine-color-red-filled-hover": "#b02525",
    "--mantine-color-red-text": "#b02525",
    ...Object.fromEntries(
      TINTED.map((name) => [
        `--mantine-color-${name}-light-color`,
        `color-mix(in srgb, ${colors[name][9]} 70%, black)`,
      ]),
    ),
  },
  dark: {
    "--postkey-canvas": colors.dark[8],
    "--postkey-surface": colors.dark[7],
    "--postkey-line": colors.dark[5],
    "--postkey-warning": colors.orange[4],
    "--mantine-color-anchor": colors.indigo[3],
    "--mantine-color-dimmed": colors.dark[1],
    "--mantine-color-placeholder": colors.dark[1],
    "--mantine-color-error": colors.red[4],
    "--mantine-color-red-filled": colors.red[9],
    "--mantine-color-red-filled-hover": "#b02525",
    "--mantine-color-red-text": colors.red[4],
  },
});
