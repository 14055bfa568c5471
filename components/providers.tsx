"use client";

import { MantineProvider } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { keepFocusInPlace } from "./lost-focus";
import { theme } from "./theme";
import { ThemeStyles } from "./theme-styles";
import { renewWishes } from "./use-wish";

type ProvidersProps = { children: ReactNode; nonce: string | undefined };

/** @param nonce of the document: every style element that is made in it later bears it as well */
export function Providers({ children, nonce }: ProvidersProps) {
  // A page that is loaded again without a new document brings another nonce; the policy stays the first one.
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

/**
 * Says on the document that its controls answer: the effects of what is around a page run after those of all that is in
 * it, and no part of a page that the server sent is taken over later than the rest (it would need a Suspense).
 */
function showReady(): void {
  document.documentElement.dataset.ready = "";
}

/** The scroll lock of dialogs and menus makes a style element too, and takes its nonce from there. */
function rememberNonce(nonce: string | undefined): string | undefined {
  if (typeof document !== "undefined") Reflect.set(globalThis, "__webpack_nonce__", nonce);
  return nonce;
}
