"use client";

import {
  convertCssVariables,
  DEFAULT_THEME,
  deepMerge,
  defaultCssVariablesResolver,
  MantineProvider,
  mergeMantineTheme,
} from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { keepFocusInPlace } from "./lost-focus";
import { cssVariables, theme } from "./theme";
import { renewWishes } from "./use-wish";

type ProvidersProps = { children: ReactNode; nonce: string | undefined };

/** @param nonce of the document, for style elements made later */
export function Providers({ children, nonce }: ProvidersProps) {
  // Client navigation brings new nonces; the document's policy keeps the first.
  const [ofDocument] = useState(() => rememberNonce(nonce));
  useEffect(keepFocusInPlace, []);
  useEffect(renewWishes, []);
  useEffect(showReady, []);
  return (
    <MantineProvider
      theme={theme}
      withCssVariables={false}
      defaultColorScheme="auto"
      getStyleNonce={() => ofDocument ?? ""}
    >
      <ThemeStyles nonce={ofDocument ?? ""} />
      {children}
    </MantineProvider>
  );
}

/** Marks the document once its controls answer: outer effects run last. */
function showReady(): void {
  document.documentElement.dataset.ready = "";
}

/** The scroll lock's style element takes its nonce from there. */
function rememberNonce(nonce: string | undefined): string | undefined {
  if (typeof document !== "undefined") Reflect.set(globalThis, "__webpack_nonce__", nonce);
  return nonce;
}

/** Otherwise MantineProvider computes them for every page. */
function ThemeStyles({ nonce }: { nonce: string }) {
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
