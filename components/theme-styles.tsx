import {
  convertCssVariables,
  DEFAULT_THEME,
  deepMerge,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { cssVariables, theme } from "./theme";

/** Otherwise MantineProvider computes them for every page. */
export function ThemeStyles({ nonce }: { nonce: string }) {
  return (
    <style
      data-mantine-styles
      nonce={nonce}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: our own, and as text its quotes would be escaped
      dangerouslySetInnerHTML={{ __html: CSS }}
    />
  );
}

const CSS = stylesOfTheme();

/** Mantine's own style sheet is loaded as well. */
function stylesOfTheme(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const ours = deepMerge(defaultCssVariablesResolver(merged), cssVariables(merged));
  const standard = defaultCssVariablesResolver(DEFAULT_THEME);
  return convertCssVariables(
    {
      variables: changed(ours.variables, standard.variables),
      light: changed(ours.light, standard.light),
      dark: changed(ours.dark, standard.dark),
    },
    ":root",
  );
}

type Variables = Readonly<Record<string, string>>;

function changed(ours: Variables, standard: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ours).filter(([name, value]) => standard[name] !== value),
  );
}
