"use client";

import { createContext } from "react";

/** Its own file, so that no dialog is loaded before it is needed. */
export const ShownOnceEnd = createContext<(() => void) | null>(null);
