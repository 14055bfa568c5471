"use client";

import { MantineProvider } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { watchWaysBack } from "./links";
import { keepFocusInPlace } from "./lost-focus";
import { cssVariables, theme } from "./theme";
import { renewWishes } from "./use-wish";

/** @param nonce of the document, for style elements made later */
export function Providers({ children, nonce }: { children: ReactNode; nonce: string | undefined }) {
  // Client navigation brings new nonces; the document's policy keeps the first.
  const [ofDocument] = useState(() => rememberNonce(nonce));
  useEffect(keepFocusInPlace, []);
  useEffect(renewWishes, []);
  useEffect(watchWaysBack, []);
  // Marks the document once its controls answer: outer effects run last.
  useEffect(() => {
    document.documentElement.dataset.ready = "";
  }, []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => ofDocument ?? ""}
    >
      {children}
    </MantineProvider>
  );
}

/** The scroll lock's style element takes its nonce from there. */
function rememberNonce(nonce: string | undefined): string | undefined {
  if (typeof document !== "undefined") Reflect.set(globalThis, "__webpack_nonce__", nonce);
  return nonce;
}
